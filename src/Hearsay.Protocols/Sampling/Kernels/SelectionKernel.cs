namespace Hearsay.Protocols.Sampling.Kernels;

/// <summary>Chooses the partner of an exchange from a view (TOCS 2007, section 2.2: selectPeer).</summary>
internal static class SelectionKernel
{
    /// <summary>
    /// Returns the position of the entry to contact, or -1 if the view is empty. Equal ages tie at random.
    /// </summary>
    /// <param name="ages">The ages of the candidates.</param>
    /// <param name="selection">Rand, tail or head.</param>
    /// <param name="random">
    /// The generator. Rand draws once; head and tail draw for every further entry of equal extreme age.
    /// </param>
    public static int Select(ReadOnlySpan<ushort> ages, PeerSelection selection, ref SeededRandom random) =>
        ages.IsEmpty ? -1 : selection switch
        {
            PeerSelection.Rand => random.Below(ages.Length),
            PeerSelection.Tail => Extreme(ages, oldest: true, ref random),
            _ => Extreme(ages, oldest: false, ref random),
        };

    /// <summary>Reservoir sampling over the entries of extreme age: every one of them is equally likely.</summary>
    private static int Extreme(ReadOnlySpan<ushort> ages, bool oldest, ref SeededRandom random)
    {
        var chosen = 0;
        var ties = 1;
        for (var i = 1; i < ages.Length; i++)
        {
            if (ages[i] == ages[chosen])
            {
                ties++;
                if (random.Below(ties) == 0)
                {
                    chosen = i;
                }
            }
            else if (oldest ? ages[i] > ages[chosen] : ages[i] < ages[chosen])
            {
                (chosen, ties) = (i, 1);
            }
        }

        return chosen;
    }
}
