using System.Runtime.CompilerServices;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Simulation.Aggregation;

/// <summary>One number per node, averaged by differences.</summary>
internal struct ScalarAverages(double[] values) : IPairExchange
{
    private double _difference;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Request(int node, int partner)
    {
        ref var own = ref values[partner];
        _difference = AveragingKernel.Difference(own, values[node]);
        own += _difference;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Answer(int node, int partner) => values[node] -= _difference;
}
