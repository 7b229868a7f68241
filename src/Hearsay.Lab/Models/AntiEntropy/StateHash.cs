using Hearsay.Protocols;

namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>Tells states apart by 128 bits.</summary>
internal struct StateHash
{
    private ulong _high;
    private ulong _low;

    /// <summary>The hash of what was added, in order.</summary>
    public readonly UInt128 Value => new(_high, _low);

    /// <summary>Adds a number.</summary>
    public void Add(ulong value)
    {
        _low = SeededRandom.Mix(_low ^ value) + 0x9E37_79B9_7F4A_7C15;
        _high = SeededRandom.Mix((_high * 0xDA94_2042_E4DD_58B5) ^ _low);
    }

    /// <summary>Adds a wide number.</summary>
    public void Add(UInt128 value)
    {
        Add((ulong)value);
        Add((ulong)(value >> 64));
    }
}
