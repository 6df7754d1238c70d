//===- MathCoefficients.h - polynomials of the expansions -------*- C++ -*-===//
//
// Printed by scripts/math-coefficients: minimax fits, coefficients in rising
// order of degree, each exact in its type. The error is that of the function as
// a whole without the rounding of its evaluation, relative; of 2^r in units of the
// last place, as a factor of those of 1.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_TARGET_CPU_MATHCOEFFICIENTS_H
#define LINREC_LIB_TARGET_CPU_MATHCOEFFICIENTS_H

namespace linrec {

/// 2^r = 1 + r P(r) on [-0.5, 0.5], P of degree 4: 2^-22.9.
constexpr double kExp2F32[] = {
    0x1.62e4240000000p-1, 0x1.ebf9b40000000p-3, 0x1.c6baa20000000p-5,
    0x1.3ceca20000000p-7, 0x1.5ab4320000000p-10};

/// 2^r = 1 + r P(r) on [-0.5, 0.5], P of degree 10: 2^-53.8.
constexpr double kExp2F64[] = {
    0x1.62e42fefa39f0p-1, 0x1.ebfbdff82c5a4p-3, 0x1.c6b08d7049f4cp-5,
    0x1.3b2ab6fba00bbp-7, 0x1.5d87fe78e2badp-10, 0x1.4309130ef09c4p-13,
    0x1.ffcbfb5919452p-17, 0x1.62bfc75b389c3p-20, 0x1.b527064bc87e2p-24,
    0x1.e61bc70ec77bbp-28, 0x1.e6eccb5a0e70dp-32};

/// 2^r = 1 + r P(r) on [-0.015625, 0.015625], P of degree 2: 2^-32.9.
constexpr double kExp2By32F32[] = {
    0x1.62e4300000000p-1, 0x1.ebfce60000000p-3, 0x1.c6b1840000000p-5};

/// 2^r = 1 + r P(r) on [-0.5, 0.5], P of degree 5: 2^-25.9.
constexpr double kExp2NoFmaF32[] = {
    0x1.62e4300000000p-1, 0x1.ebfbda0000000p-3, 0x1.c6af080000000p-5,
    0x1.3b2e560000000p-7, 0x1.5f33a20000000p-10, 0x1.4155e60000000p-13};

/// e^r - 1 = r + r^2 P(r) on [-0.34657, 0.34657], P of degree 4: 2^-25.8.
constexpr double kExpM1F32[] = {
    0x1.fffffe0000000p-2, 0x1.5554b00000000p-3, 0x1.5556740000000p-5,
    0x1.1227680000000p-7, 0x1.6bec300000000p-10};

/// e^r - 1 = r + r^2 P(r) on [-0.34657, 0.34657], P of degree 10: 2^-59.9.
constexpr double kExpM1F64[] = {
    0x1.0000000000000p-1, 0x1.5555555555559p-3, 0x1.555555555553fp-5,
    0x1.111111110f6dfp-7, 0x1.6c16c16c1f051p-10, 0x1.a01a01afd1923p-13,
    0x1.a01a017bcf9bfp-16, 0x1.71ddf885257d2p-19, 0x1.27e5361e93cf8p-22,
    0x1.af5e68d4bfb76p-26, 0x1.1ee893d280ff4p-29};

/// e^r - 1 = r + r^2 P(r) on [-0.69315, 0.0], P of degree 5: 2^-27.1.
constexpr double kExpM1BelowF32[] = {
    0x1.fffffe0000000p-2, 0x1.55550e0000000p-3, 0x1.554b240000000p-5,
    0x1.10622e0000000p-7, 0x1.600ff40000000p-10, 0x1.34c50c0000000p-13};

/// e^r - 1 = r + r^2 P(r) on [-0.69315, 0.0], P of degree 11: 2^-57.0.
constexpr double kExpM1BelowF64[] = {
    0x1.0000000000000p-1, 0x1.5555555555553p-3, 0x1.55555555553e1p-5,
    0x1.111111110ae4bp-7, 0x1.6c16c16a2a3a0p-10, 0x1.a01a013e2650bp-13,
    0x1.a019f49aa973cp-16, 0x1.71dd0b1eebe1dp-19, 0x1.27d2039fdb100p-22,
    0x1.acc83a82c7982p-26, 0x1.13860a188d35dp-29, 0x1.00602dce099a2p-33};

/// log1p(f) = f + f^2 P(f) on [-0.25, 0.5], P of degree 8: 2^-26.9.
constexpr double kLog1pF32[] = {
    -0x1.0000000000000p-1, 0x1.5555a60000000p-2, -0x1.0000240000000p-2,
    0x1.99685a0000000p-3, -0x1.54f2460000000p-3, 0x1.2897ca0000000p-3,
    -0x1.0d8fda0000000p-3, 0x1.abf53e0000000p-4, -0x1.6fe3aa0000000p-5};

/// log1p(f) = f + f^2 P(f) on [-0.18045, 0.28027], P of degree 6: 2^-27.4.
constexpr double kLog1pOfUnitF32[] = {
    -0x1.0000060000000p-1, 0x1.5555520000000p-2, -0x1.ffebfc0000000p-3,
    0x1.997e620000000p-3, -0x1.597b980000000p-3, 0x1.2f56640000000p-3,
    -0x1.8b79940000000p-4};

/// 2 atanh(s) = 2 s + s^3 P(s^2) on [0.0, 0.04], P of degree 7: 2^-61.3.
constexpr double kAtanhF64[] = {
    0x1.555555555554fp-1, 0x1.999999999c0f7p-2, 0x1.24924921ec0e5p-2,
    0x1.c71c7488d6f2dp-3, 0x1.745c4c7b8c143p-3, 0x1.3b358b9620f85p-3,
    0x1.0dcf157ce8b87p-3, 0x1.1b69e0119b776p-3};

} // namespace linrec

#endif // LINREC_LIB_TARGET_CPU_MATHCOEFFICIENTS_H
