/* Convolutions in groups, of each channel by itself, in one dimension, and by a matrix of patches in a space of its own. */
void conv2d_grouped_backward(float *dx, float *dw, float *dbias, const float *dy, const float *x, const float *w, int N, int C,
                             int H, int W, int OC, int KH, int KW, int stride, int pad, int dilation, int groups)
{
    int OH = (H + 2 * pad - dilation * (KH - 1) - 1) / stride + 1;
    int OW = (W + 2 * pad - dilation * (KW - 1) - 1) / stride + 1;
    int cg = C / groups, og = OC / groups;
    for (int n = 0; n < N; n++)
        for (int oc = 0; oc < OC; oc++) {
            int g = oc / og;
            for (int i = 0; i < OH; i++)
                for (int j = 0; j < OW; j++) {
                    float d = dy[((n * OC + oc) * OH + i) * OW + j];
                    dbias[oc] += d;
                    for (int c = 0; c < cg; c++)
                        for (int ky = 0; ky < KH; ky++)
                            for (int kx = 0; kx < KW; kx++) {
                                int y = i * stride - pad + ky * dilation, z = j * stride - pad + kx * dilation;
                                if (y < 0 || z < 0 || y >= H || z >= W) continue;
                                int xi = ((n * C + g * cg + c) * H + y) * W + z;
                                int wi = ((oc * cg + c) * KH + ky) * KW + kx;
                                dw[wi] += d * x[xi];
                                dx[xi] += d * w[wi];
                            }
                }
        }
}

void depthwise_conv_backward(const float *x, const float *w, const float *dy, float *dx, float *dw, int N, int C, int H, int W,
                             int K, int stride, int pad)
{
    int OH = (H + 2 * pad - K) / stride + 1, OW = (W + 2 * pad - K) / stride + 1;
    for (int n = 0; n < N; n++)
        for (int c = 0; c < C; c++)
            for (int i = 0; i < OH; i++)
                for (int j = 0; j < OW; j++) {
                    float d = dy[((n * C + c) * OH + i) * OW + j];
                    for (int a = 0; a < K; a++)
                        for (int b = 0; b < K; b++) {
                            int y = i * stride + a - pad, z = j * stride + b - pad;
                            if (y < 0 || z < 0 || y >= H || z >= W) continue;
                            dx[((n * C + c) * H + y) * W + z] += d * w[(c * K + a) * K + b];
                            dw[(c * K + a) * K + b] += d * x[((n * C + c) * H + y) * W + z];
                        }
                }
}

void conv1d_backward(float *dx, float *dw, float *db, const float *dout, const float *x, const float *w, int B, int Cin,
                     int Cout, int L, int K, int stride, int pad)
{
    int Lo = (L + 2 * pad - K) / stride + 1;
    for (int b = 0; b < B; b++)
        for (int o = 0; o < Cout; o++)
            for (int t = 0; t < Lo; t++) {
                float d = dout[(b * Cout + o) * Lo + t];
                db[o] += d;
                for (int c = 0; c < Cin; c++)
                    for (int k = 0; k < K; k++) {
                        int s = t * stride + k - pad;
                        if (s < 0 || s >= L) continue;
                        dw[(o * Cin + c) * K + k] += d * x[(b * Cin + c) * L + s];
                        dx[(b * Cin + c) * L + s] += d * w[(o * Cin + c) * K + k];
                    }
            }
}

void conv_by_patches_backward(float *input, float *delta, float *weights, float *weight_updates, float *bias_updates,
                              float *prev_delta, float *workspace, int batch, int c, int h, int w, int n, int size, int stride,
                              int pad)
{
    int out_h = (h + 2 * pad - size) / stride + 1, out_w = (w + 2 * pad - size) / stride + 1;
    int places = out_h * out_w, patch = c * size * size;
    for (int b = 0; b < batch; ++b) {
        float *d = delta + b * n * places, *x = input + b * c * h * w, *dx = prev_delta + b * c * h * w;
        for (int turn = 0; turn < 2; turn++)
            for (int p = 0; p < patch; ++p)
                for (int i = 0; i < out_h; ++i)
                    for (int j = 0; j < out_w; ++j) {
                        int y = i * stride + p / size % size - pad, z = j * stride + p % size - pad;
                        int at = (p / size / size * h + y) * w + z, inside = y >= 0 && z >= 0 && y < h && z < w;
                        float *cell = workspace + p * places + i * out_w + j;
                        if (turn == 0) *cell = inside ? x[at] : 0;
                        for (int f = 0; f < n; ++f) {
                            float g = d[f * places + i * out_w + j];
                            if (turn == 0) weight_updates[f * patch + p] += g * *cell;
                            else if (inside) dx[at] += g * weights[f * patch + p];
                            if (turn == 0 && p == 0) bias_updates[f] += g;
                        }
                    }
    }
}
