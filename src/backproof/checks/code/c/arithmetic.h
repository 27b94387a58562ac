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
static inline uint64_t backproof_inverse(uint64_t a, double s) {
    if (a == 0) backproof_call(BACKPROOF_ZERO, nullptr, nullptr, nullptr);
    (void)s;
    return backproof_power(a, BACKPROOF_P - 2);
}
// A number as it is written, 0.1 as one tenth; one that is a fraction of small numbers, such as 1.0f / 3, as that.
static inline uint64_t backproof_written(double x, int bits) {
    if (!(x - x == 0)) return 0; // no number of the field; what it stands for says so
    bool minus = x < 0;
    double y = minus ? -x : x;
    uint64_t r = 0;
    char text[64];
    int digits = 0, longest = bits == 24 ? 9 : 17;
    while (++digits <= longest) {
        snprintf(text, sizeof text, "%.*e", digits - 1, y);
        if (bits == 24 ? (float)strtod(text, nullptr) == (float)y : strtod(text, nullptr) == y) break;
    }
    long long below = 1, most = bits == 24 ? 256 : 4096;
    if (digits > (bits == 24 ? 6 : 12))
        for (; below <= most; below++) {
            double above = floor(y * below + 0.5);
            if (bits == 24 ? (float)(above / below) == (float)y : above / below == y) break;
        }
    if (digits > (bits == 24 ? 6 : 12) && below <= most) {
        r = backproof_times((uint64_t)floor(y * below + 0.5) % BACKPROOF_P, backproof_power((uint64_t)below, BACKPROOF_P - 2));
    } else {
        char* at = text;
        long long places = 0;
        for (bool after = false; *at && *at != 'e'; at++) {
            if (*at == '.') { after = true; continue; }
            r = (backproof_times(r, 10) + (uint64_t)(*at - '0')) % BACKPROOF_P;
            places += after;
        }
        long long e = strtoll(at + 1, nullptr, 10) - places;
        uint64_t ten = e < 0 ? backproof_power(10, BACKPROOF_P - 2) : 10;
        r = backproof_times(r, backproof_power(ten, (uint64_t)(e < 0 ? -e : e)));
    }
    return minus && r ? BACKPROOF_P - r : r;
}
