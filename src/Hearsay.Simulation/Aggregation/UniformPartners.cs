using System.Runtime.CompilerServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

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

        var chosen = random.Below(others);
        return population.At(chosen >= position ? chosen + 1 : chosen);
    }
}
