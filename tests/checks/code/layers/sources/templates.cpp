// C++: a namespace, a template, vectors, and what comes from above is where its gradient is put.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace kernels {

constexpr float kEps = 1e-6f;

template <typename T>
static T product_of_three(const T *a, const T *b, const T *c, int64_t n) {
    T s = T(0);
    for (int64_t i = 0; i < n; ++i) s += a[i] * b[i] * c[i];
    return s;
}

template <typename scalar_t>
void rmsnorm_bwd(const scalar_t *dY, const scalar_t *X, const scalar_t *gamma, scalar_t *dX, scalar_t *dgamma, int64_t M,
                 int64_t N)
{
    for (int64_t i = 0; i < M; ++i) {
        const scalar_t *dy = dY + i * N, *x = X + i * N;
        scalar_t sum = 0;
        for (int64_t j = 0; j < N; ++j) sum += x[j] * x[j];
        const scalar_t r = scalar_t(1) / std::sqrt(sum / static_cast<scalar_t>(N) + kEps);
        const scalar_t c = -product_of_three(dy, x, gamma, N) * r * r * r / static_cast<scalar_t>(N);
        for (int64_t j = 0; j < N; ++j) {
            dX[i * N + j] = r * dy[j] * gamma[j] + c * x[j];
            dgamma[j] += dy[j] * x[j] * r;
        }
    }
}

}

extern "C" void fused_loss_bwd(const float *hidden, const float *head, const int *target, float *dhidden, float *dhead,
                               int n_tokens, int hidden_dim, int n_vocab)
{
    std::vector<float> z(n_vocab);
    std::fill(dhidden, dhidden + n_tokens * hidden_dim, 0.0f);
    std::fill_n(dhead, n_vocab * hidden_dim, 0.0f);
    for (int i = 0; i < n_tokens; ++i) {
        float top = -std::numeric_limits<float>::infinity(), whole = 0;
        for (int v = 0; v < n_vocab; ++v) {
            z[v] = 0;
            for (int j = 0; j < hidden_dim; ++j) z[v] += hidden[i * hidden_dim + j] * head[v * hidden_dim + j];
            top = std::max(top, z[v]);
        }
        for (auto &e : z) { e = std::exp(e - top); whole += e; }
        for (int v = 0; v < n_vocab; ++v) {
            float g = (z[v] / whole - (v == target[i])) / n_tokens;
            for (int j = 0; j < hidden_dim; ++j) {
                dhidden[i * hidden_dim + j] += g * head[v * hidden_dim + j];
                dhead[v * hidden_dim + j] += g * hidden[i * hidden_dim + j];
            }
        }
    }
}
