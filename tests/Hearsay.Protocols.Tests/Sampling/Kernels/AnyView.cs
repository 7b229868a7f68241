using CsCheck;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Tests;

/// <summary>A view, a buffer and a sent list as a hostile network could make them; node 0 is the node itself.</summary>
internal sealed record AnyView(
    int Capacity, uint[] Handles, ushort[] Ages, uint[] Received, ushort[] ReceivedAges, uint[] Sent, ulong Seed)
{
    public static readonly Gen<AnyView> Gen =
        from half in CsCheck.Gen.Int[2, 8]
        from handles in CsCheck.Gen.UInt[1, 40].Array[0, 2 * half]
        from received in CsCheck.Gen.UInt[0, 40].Array[0, (2 * half) + 1]
        from ages in CsCheck.Gen.UShort[0, 5].Array[64]
        from old in CsCheck.Gen.UShort.Array[64]
        from large in CsCheck.Gen.Bool
        from sent in CsCheck.Gen.UInt[1, 40].Array[0, half]
        from seed in CsCheck.Gen.ULong
        let view = handles.Distinct().ToArray()
        select new AnyView(
            2 * half,
            view,
            (large ? old : ages)[..view.Length],
            received,
            (large ? old : ages)[32..(32 + received.Length)],
            [.. sent.Distinct()],
            seed);

    public int Half => Capacity / 2;

    /// <summary>
    /// Every peer of view and buffer once, at its first position, with its smallest age; self left out.
    /// </summary>
    public List<(uint Handle, ushort Age)> Union =>
    [
        .. Handles.Zip(Ages).Concat(Received.Zip(ReceivedAges))
            .Where(entry => entry.First != 0)
            .GroupBy(entry => entry.First)
            .Select(group => (group.Key, group.Min(entry => entry.Second))),
    ];

    public ViewSlice ToSlice()
    {
        var handles = new uint[Capacity + Capacity + 1];
        var ages = new ushort[handles.Length];
        Handles.CopyTo(handles, 0);
        Ages.CopyTo(ages, 0);
        return new ViewSlice(handles, ages, Handles.Length, Capacity);
    }

    public static List<(uint Handle, ushort Age)> Entries(in ViewSlice view) =>
        [.. view.Handles.ToArray().Zip(view.Ages.ToArray())];
}
