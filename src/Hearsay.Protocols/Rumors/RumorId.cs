using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay;

/// <summary>The id of a rumor, unique within a cluster. An immutable value, safe on any thread.</summary>
/// <param name="Origin">The id of the node that started the rumor.</param>
/// <param name="Incarnation">The incarnation of the origin when it started the rumor.</param>
/// <param name="Sequence">The number of the rumor since the origin started, from 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RumorId(NodeId Origin, ulong Incarnation, uint Sequence)
{
    /// <summary>
    /// 64 bits that stand for it in tables and short messages, but not in mode identity: who wants two ids of one key
    /// finds them. Never 0.
    /// </summary>
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
