using System.Runtime.InteropServices;

namespace Hearsay.Playground.Recording;

/// <summary>Numbers of 32 bits, one after the other: what the page draws, without a text to parse.</summary>
internal sealed class FrameWriter
{
    private int[] _numbers = new int[4096];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Empties it.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends a whole number.</summary>
    public void Add(int value)
    {
        if (Count == _numbers.Length)
        {
            Array.Resize(ref _numbers, 2 * Count);
        }

        _numbers[Count++] = value;
    }

    /// <summary>Appends a number, in the 32 bits of a float.</summary>
    public void Add(double value) => Add(BitConverter.SingleToInt32Bits((float)value));

    /// <summary>Room for so many numbers, to be filled at once and counted with <see cref="Advance"/>.</summary>
    public Span<int> Room(int most)
    {
        if (_numbers.Length - Count < most)
        {
            Array.Resize(ref _numbers, Math.Max(2 * _numbers.Length, Count + most));
        }

        return _numbers.AsSpan(Count, most);
    }

    /// <summary>So many of them were filled.</summary>
    public void Advance(int numbers) => Count += numbers;

    /// <summary>Appends a place that is filled later.</summary>
    public int Reserve()
    {
        Add(0);
        return Count - 1;
    }

    /// <summary>Fills a place.</summary>
    public void Patch(int place, int value) => _numbers[place] = value;

    /// <summary>The number at a place.</summary>
    public int At(int place) => _numbers[place];

    /// <summary>All of them, until the next one is added.</summary>
    public ReadOnlySpan<int> Numbers => _numbers.AsSpan(0, Count);

    /// <summary>The number at a place, where it is a float.</summary>
    public float FloatAt(int place) => BitConverter.Int32BitsToSingle(_numbers[place]);

    /// <summary>A copy of all of them, in the order of the machine (the page and its core share it).</summary>
    public byte[] ToBytes() => MemoryMarshal.AsBytes(_numbers.AsSpan(0, Count)).ToArray();
}
