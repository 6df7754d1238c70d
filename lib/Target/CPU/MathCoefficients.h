//===- MathCoefficients.h - polynomials and tables -------------*- C++ -*-===//
//
// Printed by scripts/math-coefficients: minimax fits, coefficients in rising
// order of degree, each exact in its type. The error is that of the function as
// a whole without the rounding of its evaluation, relative; of 2^r in units of
// the last place, as a factor of those of 1. A table fills two registers of
// AVX-512, so that one instruction looks up 16 numbers.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_TARGET_CPU_MATHCOEFFICIENTS_H
#define LINREC_LIB_TARGET_CPU_MATHCOEFFICIENTS_H

namespace linrec {

/// 2^r = 1 + r P(r) on [-0.5, 0.5], P of degree 4: 2^-22.9.
constexpr double kExp2F32[] = {0x1.62e424p-1, 0x1.ebf9b4p-3, 0x1.c6baa2p-5,
                               0x1.3ceca2p-7, 0x1.5ab432p-10};

/// 2^r = 1 + r P(r) on [-0.5, 0.5], P of degree 10: 2^-53.8.
constexpr double kExp2F64[] = {
    0x1.62e42fefa39fp-1,   0x1.ebfbdff82c5a4p-3,  0x1.c6b08d7049f4cp-5,
    0x1.3b2ab6fba00bbp-7,  0x1.5d87fe78e2badp-10, 0x1.4309130ef09c4p-13,
    0x1.ffcbfb5919452p-17, 0x1.62bfc75b389c3p-20, 0x1.b527064bc87e2p-24,
    0x1.e61bc70ec77bbp-28, 0x1.e6eccb5a0e70dp-32};

/// 2^r = 1 + r P(r) on [-0.015625, 0.015625], P of degree 2: 2^-32.9.
constexpr double kExp2By32F32[] = {0x1.62e43p-1, 0x1.ebfce6p-3, 0x1.c6b184p-5};

/// 2^r = 1 + r P(r) on [-0.5, 0.5], P of degree 5: 2^-25.9.
constexpr double kExp2NoFmaF32[] = {0x1.62e43p-1,   0x1.ebfbdap-3,
                                    0x1.c6af08p-5,  0x1.3b2e56p-7,
                                    0x1.5f33a2p-10, 0x1.4155e6p-13};

/// e^r - 1 = r + r^2 P(r) on [-0.34657, 0.34657], P of degree 4: 2^-25.8.
constexpr double kExpM1F32[] = {0x1.fffffep-2, 0x1.5554bp-3, 0x1.555674p-5,
                                0x1.122768p-7, 0x1.6bec3p-10};

/// e^r - 1 = r + r^2 P(r) on [-0.34657, 0.34657], P of degree 10: 2^-59.9.
constexpr double kExpM1F64[] = {0x1p-1,
                                0x1.5555555555559p-3,
                                0x1.555555555553fp-5,
                                0x1.111111110f6dfp-7,
                                0x1.6c16c16c1f051p-10,
                                0x1.a01a01afd1923p-13,
                                0x1.a01a017bcf9bfp-16,
                                0x1.71ddf885257d2p-19,
                                0x1.27e5361e93cf8p-22,
                                0x1.af5e68d4bfb76p-26,
                                0x1.1ee893d280ff4p-29};

/// e^r - 1 = r + r^2 P(r) on [-0.69315, 0.0], P of degree 5: 2^-27.1.
constexpr double kExpM1BelowF32[] = {0x1.fffffep-2,  0x1.55550ep-3,
                                     0x1.554b24p-5,  0x1.10622ep-7,
                                     0x1.600ff4p-10, 0x1.34c50cp-13};

/// e^r - 1 = r + r^2 P(r) on [-0.69315, 0.0], P of degree 11: 2^-57.0.
constexpr double kExpM1BelowF64[] = {0x1p-1,
                                     0x1.5555555555553p-3,
                                     0x1.55555555553e1p-5,
                                     0x1.111111110ae4bp-7,
                                     0x1.6c16c16a2a3ap-10,
                                     0x1.a01a013e2650bp-13,
                                     0x1.a019f49aa973cp-16,
                                     0x1.71dd0b1eebe1dp-19,
                                     0x1.27d2039fdb1p-22,
                                     0x1.acc83a82c7982p-26,
                                     0x1.13860a188d35dp-29,
                                     0x1.00602dce099a2p-33};

/// log1p(f) = f + f^2 P(f) on [-0.25, 0.5], P of degree 8: 2^-26.9.
constexpr double kLog1pF32[] = {-0x1p-1,        0x1.5555a6p-2,  -0x1.000024p-2,
                                0x1.99685ap-3,  -0x1.54f246p-3, 0x1.2897cap-3,
                                -0x1.0d8fdap-3, 0x1.abf53ep-4,  -0x1.6fe3aap-5};

/// log1p(f) = f + f^2 P(f) on [-0.18045, 0.28027], P of degree 6: 2^-27.4.
constexpr double kLog1pOfUnitF32[] = {
    -0x1.000006p-1, 0x1.555552p-2, -0x1.ffebfcp-3, 0x1.997e62p-3,
    -0x1.597b98p-3, 0x1.2f5664p-3, -0x1.8b7994p-4};

/// log1p(f) = f + f^2 P(f) on [-0.016393, 0.016393], P of degree 2: 2^-28.6.
constexpr double kLog1pBy32F32[] = {-0x1p-1, 0x1.556102p-2, -0x1.000c7cp-2};

/// 2 atanh(s) = 2 s + s^3 P(s^2) on [0.0, 0.04], P of degree 7: 2^-61.3.
constexpr double kAtanhF64[] = {0x1.555555555554fp-1, 0x1.999999999c0f7p-2,
                                0x1.24924921ec0e5p-2, 0x1.c71c7488d6f2dp-3,
                                0x1.745c4c7b8c143p-3, 0x1.3b358b9620f85p-3,
                                0x1.0dcf157ce8b87p-3, 0x1.1b69e0119b776p-3};

/// 2^(j / 32), j = 0 .. 31.
constexpr float kPowers[32] = {
    0x1p+0,        0x1.059b0ep+0, 0x1.0b5586p+0, 0x1.11301ep+0, 0x1.172b84p+0,
    0x1.1d4874p+0, 0x1.2387a6p+0, 0x1.29e9ep+0,  0x1.306fep+0,  0x1.371a74p+0,
    0x1.3dea64p+0, 0x1.44e086p+0, 0x1.4bfdaep+0, 0x1.5342b6p+0, 0x1.5ab07ep+0,
    0x1.6247ecp+0, 0x1.6a09e6p+0, 0x1.71f75ep+0, 0x1.7a1148p+0, 0x1.82589ap+0,
    0x1.8ace54p+0, 0x1.93737cp+0, 0x1.9c4918p+0, 0x1.a5503cp+0, 0x1.ae89fap+0,
    0x1.b7f77p+0,  0x1.c199bep+0, 0x1.cb720ep+0, 0x1.d5818ep+0, 0x1.dfc974p+0,
    0x1.ea4afap+0, 0x1.f50766p+0};

/// A float c near 1 / (1 + j / 31) with -log c near a float, j = 0 .. 31.
constexpr float kReciprocals[32] = {
    0x1p+0,        0x1.f00028p-1, 0x1.e0f84p-1,  0x1.d2d296p-1, 0x1.c57c74p-1,
    0x1.b8e3aep-1, 0x1.acf8e2p-1, 0x1.a1af06p-1, 0x1.96f96cp-1, 0x1.8cccc4p-1,
    0x1.831f08p-1, 0x1.79e7a8p-1, 0x1.711dfp-1,  0x1.68ba04p-1, 0x1.60b614p-1,
    0x1.590b4ap-1, 0x1.51b3acp-1, 0x1.4aaabep-1, 0x1.43eafp-1,  0x1.3d708ep-1,
    0x1.373726p-1, 0x1.313b14p-1, 0x1.2b78cep-1, 0x1.25ecd8p-1, 0x1.2094d4p-1,
    0x1.1b6ddp-1,  0x1.167504p-1, 0x1.11a7dcp-1, 0x1.0d042ap-1, 0x1.088858p-1,
    0x1.04321cp-1, 0x1p-1};

/// -log c of these, j = 0 .. 31.
constexpr float kLogarithms[32] = {
    0x0p+0,        0x1.041344p-5, 0x1.001548p-4, 0x1.7a5e88p-4, 0x1.f11716p-4,
    0x1.323d1ep-3, 0x1.6a5b98p-3, 0x1.a0f926p-3, 0x1.d62b32p-3, 0x1.05029p-2,
    0x1.1e4bfep-2, 0x1.36f86cp-2, 0x1.4f106ep-2, 0x1.669bfp-2,  0x1.7d9e7ep-2,
    0x1.941fc2p-2, 0x1.aa262cp-2, 0x1.bfb4bep-2, 0x1.d4d2b8p-2, 0x1.e9827ep-2,
    0x1.fdc994p-2, 0x1.08d5d8p-1, 0x1.129672p-1, 0x1.1c28e2p-1, 0x1.258ddp-1,
    0x1.2ec726p-1, 0x1.37d6ccp-1, 0x1.40be9p-1,  0x1.497fcp-1,  0x1.521abap-1,
    0x1.5a9162p-1, 0x1.62e43p-1};

} // namespace linrec

#endif // LINREC_LIB_TARGET_CPU_MATHCOEFFICIENTS_H
