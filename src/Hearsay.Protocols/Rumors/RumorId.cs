using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay;

/// <summary>Names a rumor among all of a cluster.</summary>
/// <param name="Origin">The node that began it.</param>
/// <param name="Incarnation">Which of the origin's lives it comes from; the sequence starts again in each.</param>
/// <param name="Sequence">Counts the origin's rumors of that life from 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RumorId(NodeId Origin, ulong Incarnation, uint Sequence)
{
    /// <summary>64 bits that stand for it in tables and short messages; never 0.</summary>
    internal ulong Key
    {
        get
        {
            var key = SeededRandom.Mix(Origin.High ^ SeededRandom.Mix(Origin.Low));
            key = SeededRandom.Mix(key ^ SeededRandom.Mix(Incarnation + Sequence * SeededRandom.Golden));
            return key == 0 ? 1 : key;
        }
    }
}
