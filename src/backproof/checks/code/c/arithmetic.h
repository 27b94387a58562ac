// The whole numbers modulo 2^61 - 1 under field.h: products, inverses, and numbers as they are written.
typedef unsigned __int128 backproof_wide;
static const uint64_t BACKPROOF_P = (1ULL << 61) - 1;
enum { BACKPROOF_LOST, BACKPROOF_ZERO };
struct backproof_number;
extern "C" { void (*backproof_call)(int, const void*, const void*, void*); }
static inline uint64_t backproof_times(uint64_t a, uint64_t b) { return (uint64_t)((backproof_wide)a * b % BACKPROOF_P); }
static inline uint64_t backproof_power(uint64_t a, uint64_t e) {
    uint64_t r = 1;
    for (; e; e >>= 1, a = backproof_times(a, a)) if (e & 1) r = backproof_times(r, a);
    return r;
}
static inline uint64_t backproof_inverse(uint64_t a) {
    if (a == 0) backproof_call(BACKPROOF_ZERO, nullptr, nullptr, nullptr);
    return backproof_power(a, BACKPROOF_P - 2);
}
// What a number was before it was rounded: 0.1f is one tenth, 1.0f / 3 a third, 3.0f * 0.1f three tenths. Few digits or a
// fraction of small numbers, where that is as near as a rounding or two; else all digits.
static inline uint64_t backproof_decimal(const char* at) {
    uint64_t r = 0;
    long long places = 0;
    for (bool after = false; *at && *at != 'e'; at++) {
        if (*at == '.') { after = true; continue; }
        r = (backproof_times(r, 10) + (uint64_t)(*at - '0')) % BACKPROOF_P;
        places += after;
    }
    long long e = strtoll(at + 1, nullptr, 10) - places;
    uint64_t ten = e < 0 ? backproof_power(10, BACKPROOF_P - 2) : 10;
    return backproof_times(r, backproof_power(ten, (uint64_t)(e < 0 ? -e : e)));
}
static inline uint64_t backproof_written(double x, int bits) {
    if (!(x - x == 0)) return 0; // no number of the field; what it stands for says so
    if (x < 0) { uint64_t r = backproof_written(-x, bits); return r ? BACKPROOF_P - r : 0; }
    bool single = bits == 24;
    double near = (single ? 2 : 4) * ldexp(x, 1 - bits);
    char text[64];
    snprintf(text, sizeof text, "%.*e", (single ? 6 : 12) - 1, x);
    double gap = strtod(text, nullptr) - x;
    if (gap <= near && -gap <= near) return backproof_decimal(text);
    for (long long below = 1; below <= (single ? 256 : 4096); below++) {
        double above = floor(x * below + 0.5);
        gap = above / below - x;
        if (gap <= near && -gap <= near)
            return backproof_times((uint64_t)above % BACKPROOF_P, backproof_power((uint64_t)below, BACKPROOF_P - 2));
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, x);
        if (single ? strtof(text, nullptr) == (float)x : strtod(text, nullptr) == x) break;
    }
    return backproof_decimal(text);
}
