#include <math.h>
#include <stdlib.h>
#include <assert.h>
#define SCALING sqrtf(2.0f / M_PI)

void encoder_backward(float* dwte, float* dwpe, float* dout, int* inp, int B, int T, int C) {
    for (int b = 0; b < B; b++) {
        for (int t = 0; t < T; t++) {
            float* dy = dout + b * T * C + t * C;
            int ix = inp[b * T + t];
            float* de = dwte + ix * C;
            float* dp = dwpe + t * C;
            for (int i = 0; i < C; i++) {
                float d = dy[i];
                de[i] += d;
                dp[i] += d;
            }
        }
    }
}

void matmul_backward(float* dinp, float* dweight, float* dbias, const float* dout, const float* inp,
                     const float* weight, int B, int T, int C, int OC) {
    #pragma omp parallel for collapse(2)
    for (int b = 0; b < B; b++) {
        for (int t = 0; t < T; t++) {
            const float* dy = dout + b * T * OC + t * OC;
            float* dx = dinp + b * T * C + t * C;
            for (int o = 0; o < OC; o++) {
                const float* w = weight + o * C;
                float d = dy[o];
                for (int i = 0; i < C; i++) dx[i] += w[i] * d;
            }
        }
    }
    for (int o = 0; o < OC; o++) {
        for (int bt = 0; bt < B * T; bt++) {
            float d = dout[bt * OC + o];
            if (dbias != NULL) dbias[o] += d;
            for (int i = 0; i < C; i++) dweight[o * C + i] += inp[bt * C + i] * d;
        }
    }
}

void gelu_backward(float* dinp, float* inp, float* dout, int N) {
    for (int i = 0; i < N; i++) {
        float x = inp[i];
        float cube = 0.044715f * x * x * x;
        float arg = SCALING * (x + cube);
        float th = tanhf(arg);
        float ch = coshf(arg);
        float sech2 = 1.0f / (ch * ch);
        float local = 0.5f * (1.0f + th) + x * 0.5f * sech2 * SCALING * (1.0f + 3.0f * 0.044715f * x * x);
        dinp[i] += local * dout[i];
    }
}

void swiglu_backward(float* dgate, float* dup, const float* dout, const float* gate, const float* up, int n) {
    for (int i = 0; i < n; i++) {
        float s = 1.0f / (1.0f + expf(-gate[i]));
        float silu = gate[i] * s;
        dup[i] = dout[i] * silu;
        dgate[i] = dout[i] * up[i] * (s * (1.0f + gate[i] * (1.0f - s)));
    }
}

void crossentropy_softmax_backward(float* dlogits, float* dlosses, float* probs, int* targets, int B, int T, int V) {
    for (int b = 0; b < B; b++)
        for (int t = 0; t < T; t++) {
            float* dl = dlogits + b * T * V + t * V;
            float* p = probs + b * T * V + t * V;
            float dloss = dlosses[b * T + t];
            int ix = targets[b * T + t];
            for (int i = 0; i < V; i++) {
                float indicator = i == ix ? 1.0f : 0.0f;
                dl[i] += (p[i] - indicator) * dloss;
            }
        }
}

void fused_linear_cross_entropy_backward(float *dx, float *dw, const float *x, const float *w, const int *targets,
                                         int N, int D, int V) {
    float *p = malloc(V * sizeof(*p));
    float inv_n = 1.0f / N;
    for (int n = 0; n < N; n++) {
        float max = -1e30f, sum = 0.0f;
        for (int v = 0; v < V; v++) {
            p[v] = 0.0f;
            for (int i = 0; i < D; i++) p[v] += w[v * D + i] * x[n * D + i];
            max = fmaxf(max, p[v]);
        }
        for (int v = 0; v < V; v++) {
            p[v] = expf(p[v] - max);
            sum += p[v];
        }
        for (int v = 0; v < V; v++) {
            float g = (p[v] / sum - (v == targets[n])) * inv_n;
            for (int i = 0; i < D; i++) {
                dx[n * D + i] += g * w[v * D + i];
                dw[v * D + i] += g * x[n * D + i];
            }
        }
    }
    free(p);
}
