#include <math.h>
#include <string.h>

/* convolution, NCHW */
void conv2d_backward(float *dx, float *dw, float *db, const float *dout, const float *x, const float *w,
                     int N, int C, int H, int W, int F, int KH, int KW, int stride, int pad, int OH, int OW) {
    for (int n = 0; n < N; n++) {
        for (int f = 0; f < F; f++) {
            for (int oy = 0; oy < OH; oy++) {
                for (int ox = 0; ox < OW; ox++) {
                    float g = dout[((n * F + f) * OH + oy) * OW + ox];
                    db[f] += g;
                    for (int c = 0; c < C; c++) {
                        for (int ky = 0; ky < KH; ky++) {
                            int iy = oy * stride + ky - pad;
                            if (iy < 0 || iy >= H) continue;
                            for (int kx = 0; kx < KW; kx++) {
                                int ix = ox * stride + kx - pad;
                                if (ix < 0 || ix >= W) continue;
                                int wi = ((f * C + c) * KH + ky) * KW + kx;
                                int xi = ((n * C + c) * H + iy) * W + ix;
                                dw[wi] += g * x[xi];
                                dx[xi] += g * w[wi];
                            }
                        }
                    }
                }
            }
        }
    }
}

void maxpool_backward(float *dx, const float *dout, const float *x, int N, int C, int H, int W, int K, int stride) {
    int OH = (H - K) / stride + 1, OW = (W - K) / stride + 1;
    for (int nc = 0; nc < N * C; nc++) {
        const float *in = x + nc * H * W;
        for (int oy = 0; oy < OH; oy++) {
            for (int ox = 0; ox < OW; ox++) {
                float best = -INFINITY;
                int at = -1;
                for (int ky = 0; ky < K; ky++)
                    for (int kx = 0; kx < K; kx++) {
                        int i = (oy * stride + ky) * W + ox * stride + kx;
                        if (in[i] > best) {
                            best = in[i];
                            at = i;
                        }
                    }
                dx[nc * H * W + at] += dout[(nc * OH + oy) * OW + ox];
            }
        }
    }
}

void maxpool_from_indices_backward(float *dinp, const float *dout, const int *indices, int N, int C, int H, int W,
                                   int OH, int OW) {
    memset(dinp, 0, N * C * H * W * sizeof(float));
    for (int nc = 0; nc < N * C; nc++)
        for (int o = 0; o < OH * OW; o++)
            dinp[nc * H * W + indices[nc * OH * OW + o]] += dout[nc * OH * OW + o];
}

void batchnorm_backward(float *dx, float *dgamma, float *dbeta, const float *dout, const float *x, const float *gamma,
                        const float *mean, const float *var, float eps, int N, int C, int H, int W) {
    int HW = H * W;
    float m = N * HW;
    for (int c = 0; c < C; c++) {
        float rstd = 1.0f / sqrtf(var[c] + eps);
        float sum = 0, dot = 0;
        for (int n = 0; n < N; n++)
            for (int i = 0; i < HW; i++) {
                int at = (n * C + c) * HW + i;
                sum += dout[at];
                dot += dout[at] * (x[at] - mean[c]) * rstd;
            }
        dgamma[c] += dot;
        dbeta[c] += sum;
        for (int n = 0; n < N; n++)
            for (int i = 0; i < HW; i++) {
                int at = (n * C + c) * HW + i;
                float xhat = (x[at] - mean[c]) * rstd;
                dx[at] = gamma[c] * rstd * (dout[at] - sum / m - xhat * dot / m);
            }
    }
}
