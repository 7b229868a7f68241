using CsCheck;

namespace Hearsay.Simulation.Tests;

/// <summary>Any protocol and any run of it, small enough to be run hundreds of times.</summary>
internal static class AnyRun
{
    private static readonly Gen<PeerSamplingOptions> AnyProtocol = Gen.Select(
        Gen.Enum<ExchangeForm>(),
        Gen.Enum<PeerSelection>(),
        Gen.Enum<Propagation>(),
        Gen.Int[2, 6],
        Gen.Int[0, 6],
        Gen.Int[0, 6],
        (form, selection, propagation, half, healing, swap) => new PeerSamplingOptions
        {
            Form = form,
            Selection = selection,
            Propagation = propagation,
            ViewSize = 2 * half,
            Healing = Math.Min(healing, half),
            Swap = Math.Min(swap, half - Math.Min(healing, half)),
            ShuffleLength = Math.Min(2 * half, 4),
        });

    public static readonly Gen<CycleOptions> Options = Gen.Select(
        AnyProtocol, Gen.Int[1, 3], Gen.Int[0, 3], Gen.Bool, Gen.ULong,
        (options, fanout, tries, loses, seed) => new CycleOptions
        {
            Rules = options.ToRules(),
            Fanout = fanout,
            Tries = tries == 0 ? null : tries,
            Loss = loses ? 0.2 : 0,
            JoinsPerCycle = 7,
            Seed = seed,
        });
}
