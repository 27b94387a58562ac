#include <math.h>
#include <stdio.h>
// gradients of a layer norm
void layernorm_backward(float* dinp, float* dweight, float* dbias,
                        float* dout, float* inp, float* weight, float* mean, float* rstd,
                        int B, int T, int C) {
    for (int b = 0; b < B; b++) {
        for (int t = 0; t < T; t++) {
            float* dout_bt = dout + b * T * C + t * C;
            float* inp_bt = inp + b * T * C + t * C;
            float* dinp_bt = dinp + b * T * C + t * C;
            float mean_bt = mean[b * T + t];
            float rstd_bt = rstd[b * T + t];
            float s = 0.0f, q = 0.0f;
            for (int i = 0; i < C; i++) {
                float norm = (inp_bt[i] - mean_bt) * rstd_bt;
                float d = weight[i] * dout_bt[i];
                s += d;
                q += d * norm;
            }
            s = s / C;
            q *= 1.0f / C;
            for (int i = 0; i < C; i++) {
                float norm = (inp_bt[i] - mean_bt) * rstd_bt;
                dbias[i] += dout_bt[i];
                dweight[i] += norm * dout_bt[i];
                float dval = weight[i] * dout_bt[i] - s - norm * q;
                dinp_bt[i] += dval * rstd_bt;
            }
        }
    }
}
int main(void) { printf("%f\n", sqrtf(2.0f)); return 0; }

void rmsnorm_backward(float *dx, float *dw, const float *dy, const float *x, const float *w,
                      const float *rstd, int rows, int cols) {
    for (int r = 0; r < rows; r++) {
        const float *xr = x + r * cols;
        const float *dyr = dy + r * cols;
        float *dxr = dx + r * cols;
        float rs = rstd[r];
        float dot = 0.0f;
        for (int i = 0; i < cols; i++) {
            dot += dyr[i] * w[i] * xr[i];
            dw[i] += dyr[i] * xr[i] * rs;
        }
        float scale = rs * rs * rs / (float)cols;
        for (int i = 0; i < cols; i++) {
            dxr[i] = dyr[i] * w[i] * rs - xr[i] * dot * scale;
        }
    }
}
