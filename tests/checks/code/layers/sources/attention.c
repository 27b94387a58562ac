// Attention, its softmax and rotary embedding: gradients.
#include <math.h>
#include <stdlib.h>
#include <string.h>

void attention_backward(float* dinp, float* dpreatt, float* datt,
                        float* dout, float* inp, float* att,
                        int B, int T, int C, int NH) {
    int C3 = C * 3;
    int hs = C / NH;
    float scale = 1.0f / sqrtf(hs);
    for (int b = 0; b < B; b++) {
        for (int t = 0; t < T; t++) {
            for (int h = 0; h < NH; h++) {
                float* a = att + b * NH * T * T + h * T * T + t * T;
                float* da = datt + b * NH * T * T + h * T * T + t * T;
                float* dp = dpreatt + b * NH * T * T + h * T * T + t * T;
                float* q = inp + b * T * C3 + t * C3 + h * hs;
                float* dq = dinp + b * T * C3 + t * C3 + h * hs;
                float* dy = dout + b * T * C + t * C + h * hs;
                for (int s = 0; s <= t; s++) {
                    float* v = inp + b * T * C3 + s * C3 + h * hs + 2 * C;
                    float* dv = dinp + b * T * C3 + s * C3 + h * hs + 2 * C;
                    for (int i = 0; i < hs; i++) {
                        da[s] += v[i] * dy[i];
                        dv[i] += a[s] * dy[i];
                    }
                }
                for (int s = 0; s <= t; s++) {
                    for (int r = 0; r <= t; r++) {
                        float same = s == r ? 1.0f : 0.0f;
                        dp[r] += a[s] * (same - a[r]) * da[s];
                    }
                }
                for (int s = 0; s <= t; s++) {
                    float* k = inp + b * T * C3 + s * C3 + h * hs + C;
                    float* dk = dinp + b * T * C3 + s * C3 + h * hs + C;
                    for (int i = 0; i < hs; i++) {
                        dq[i] += k[i] * dp[s] * scale;
                        dk[i] += q[i] * dp[s] * scale;
                    }
                }
            }
        }
    }
}

void gqa_backward(float *dq, float *dk, float *dv, const float *dout, const float *q, const float *k,
                  const float *v, const float *att, int B, int T, int n_heads, int n_kv_heads, int head_dim) {
    int group = n_heads / n_kv_heads;
    float scale = 1.0f / sqrtf((float)head_dim);
    float *dp = (float *)malloc(T * sizeof(float));
    for (int b = 0; b < B; b++) {
        for (int h = 0; h < n_heads; h++) {
            int kvh = h / group;
            for (int t = 0; t < T; t++) {
                const float *dy = dout + ((b * T + t) * n_heads + h) * head_dim;
                const float *a = att + ((b * n_heads + h) * T + t) * T;
                float dot = 0.0f;
                for (int s = 0; s <= t; s++) {
                    const float *vs = v + ((b * T + s) * n_kv_heads + kvh) * head_dim;
                    float *dvs = dv + ((b * T + s) * n_kv_heads + kvh) * head_dim;
                    dp[s] = 0.0f;
                    for (int i = 0; i < head_dim; i++) {
                        dp[s] += dy[i] * vs[i];
                        dvs[i] += a[s] * dy[i];
                    }
                    dot += a[s] * dp[s];
                }
                const float *qt = q + ((b * T + t) * n_heads + h) * head_dim;
                float *dqt = dq + ((b * T + t) * n_heads + h) * head_dim;
                for (int s = 0; s <= t; s++) {
                    float ds = a[s] * (dp[s] - dot) * scale;
                    const float *ks = k + ((b * T + s) * n_kv_heads + kvh) * head_dim;
                    float *dks = dk + ((b * T + s) * n_kv_heads + kvh) * head_dim;
                    for (int i = 0; i < head_dim; i++) {
                        dqt[i] += ds * ks[i];
                        dks[i] += ds * qt[i];
                    }
                }
            }
        }
    }
    free(dp);
}

void softmax_backward(float* dx, const float* dy, const float* y, int rows, int cols) {
    for (int r = 0; r < rows; r++) {
        float sum = 0.0f;
        for (int c = 0; c < cols; c++) sum += dy[r * cols + c] * y[r * cols + c];
        for (int c = 0; c < cols; c++) dx[r * cols + c] = y[r * cols + c] * (dy[r * cols + c] - sum);
    }
}

void rope_backward(float* dinp, const float* dout, const float* cosines, const float* sines,
                   int B, int T, int NH, int hs) {
    int half = hs / 2;
    for (int b = 0; b < B; b++)
        for (int t = 0; t < T; t++)
            for (int h = 0; h < NH; h++) {
                const float* dy = dout + ((b * T + t) * NH + h) * hs;
                float* dx = dinp + ((b * T + t) * NH + h) * hs;
                for (int i = 0; i < half; i++) {
                    float c = cosines[t * half + i], s = sines[t * half + i];
                    dx[2 * i] += dy[2 * i] * c + dy[2 * i + 1] * s;
                    dx[2 * i + 1] += dy[2 * i + 1] * c - dy[2 * i] * s;
                }
            }
}

void rope_in_place(float* dx, float* freqs_cos, float* freqs_sin, int T, int n_heads, int head_dim) {
    for (int t = 0; t < T; t++)
        for (int h = 0; h < n_heads; h++) {
            float* g = dx + (t * n_heads + h) * head_dim;
            for (int i = 0; i < head_dim / 2; i++) {
                float c = freqs_cos[t * (head_dim / 2) + i], s = freqs_sin[t * (head_dim / 2) + i];
                float g0 = g[i], g1 = g[i + head_dim / 2];
                g[i] = g0 * c + g1 * s;
                g[i + head_dim / 2] = g1 * c - g0 * s;
            }
        }
}
