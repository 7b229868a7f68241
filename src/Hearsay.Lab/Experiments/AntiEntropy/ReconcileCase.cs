using Hearsay.Protocols;

namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>
/// Some keys of which two replicas lack a few each: the first half of the missing ones is missing here, the second
/// there.
/// </summary>
/// <param name="Symbols">The keyed digests of all keys.</param>
/// <param name="Missing">Which of them only one side has.</param>
internal sealed record ReconcileCase(ulong[] Symbols, int[] Missing)
{
    private const ulong Purpose = 0x5245_434F_4E43;

    /// <summary>How many of the missing ones are missing here.</summary>
    public int MissingHere => (Missing.Length + 1) / 2;

    /// <summary>What the peer has and this side lacks.</summary>
    public IEnumerable<int> OnlyTheirs => Missing.Take(MissingHere);

    /// <summary>What this side has and the peer lacks.</summary>
    public IEnumerable<int> OnlyMine => Missing.Skip(MissingHere);

    /// <summary>How many keys the peer has.</summary>
    public long TheirItems => Symbols.Length - (Missing.Length - MissingHere);

    /// <summary>The digests of some keys.</summary>
    public static ulong[] SymbolsOf(int items, ulong seed)
    {
        var random = SeededRandom.For(seed, 0, 0, Purpose);
        var symbols = new ulong[items];
        foreach (ref var symbol in symbols.AsSpan())
        {
            symbol = random.NextUInt64();
        }

        return symbols;
    }

    /// <summary>A trial: other keys are missing in each.</summary>
    public static ReconcileCase Of(ulong[] symbols, int difference, int trial, ulong seed)
    {
        var random = SeededRandom.For(seed, (ulong)trial + 1, (ulong)difference, Purpose);
        var missing = new HashSet<int>(difference);
        while (missing.Count < difference)
        {
            missing.Add(random.Below(symbols.Length));
        }

        return new ReconcileCase(symbols, [.. missing]);
    }
}
