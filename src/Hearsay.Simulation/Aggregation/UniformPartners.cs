using System.Runtime.CompilerServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Aggregation;

/// <summary>Any other live node, as an ideal sampler gives.</summary>
internal readonly struct UniformPartners(Population population) : IPartnerChoice
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Choose(int position, int node, ref SeededRandom random)
    {
        var others = population.Count - 1;
        if (others == 0)
        {
            return -1;
        }

        // One more from the own position on, without a branch that is guessed wrong half of the time.
        var chosen = random.Below(others);
        return population.At(chosen + (int)((uint)(position - 1 - chosen) >> 31));
    }
}
