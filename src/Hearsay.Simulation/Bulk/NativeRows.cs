using System.Runtime.InteropServices;

namespace Hearsay.Simulation.Bulk;

/// <summary>
/// One row of memory per node, outside the collected heap: handles (4 bytes each), then ages (2 bytes each), padded to
/// whole cache lines. The last age slot counts the entries. For c up to 30 a row is three lines, 192 bytes.
/// </summary>
internal sealed unsafe partial class NativeRows : IDisposable
{
    private const int SlotsPerBlock = 32;
    private const int BytesPerSlot = sizeof(uint) + sizeof(ushort);

    /// <summary>Rows are reached at random: with pages of 2 MiB the address translation fits its caches.</summary>
    private const nuint HugePage = 2 << 20;
    private const int AdviseHugePages = 14;

    private byte* _memory;

    /// <param name="viewSize">The entries a row holds.</param>
    public NativeRows(int viewSize) =>
        Slots = (viewSize + SlotsPerBlock) / SlotsPerBlock * SlotsPerBlock;

    ~NativeRows() => NativeMemory.AlignedFree(_memory);

    /// <summary>Entry slots of a row, the one that holds the count included.</summary>
    public int Slots { get; }

    /// <summary>Bytes of a row.</summary>
    public int RowBytes => Slots * BytesPerSlot;

    /// <summary>Rows there is room for.</summary>
    public int Capacity { get; private set; }

    /// <summary>Makes room for more nodes; new rows are empty.</summary>
    public void Reserve(int nodes)
    {
        if (nodes <= Capacity)
        {
            return;
        }

        var used = (nuint)Capacity * (nuint)RowBytes;
        var bytes = (((nuint)nodes * (nuint)RowBytes) + HugePage - 1) / HugePage * HugePage;
        var memory = (byte*)NativeMemory.AlignedAlloc(bytes, HugePage);
        Advise(memory, bytes);
        NativeMemory.Copy(_memory, memory, used);
        NativeMemory.Clear(memory + used, bytes - used);
        NativeMemory.AlignedFree(_memory);
        _memory = memory;
        Capacity = nodes;
    }

    /// <summary>A node's row.</summary>
    public byte* Row(int node) => _memory + ((nuint)(uint)node * (nuint)(uint)RowBytes);

    /// <summary>The entries' handles, with the padding.</summary>
    public Span<uint> Handles(int node) => new(Row(node), Slots);

    /// <summary>The entries' ages, with the padding but without the count.</summary>
    public Span<ushort> Ages(int node) => new(AgeSlots(node), Slots - 1);

    /// <summary>The entries' ages, the padding and the count.</summary>
    public ushort* AgeSlots(int node) => (ushort*)(Row(node) + (Slots * sizeof(uint)));

    /// <summary>How many entries a row has.</summary>
    public ref ushort Count(int node) => ref *(ushort*)(Row(node) + RowBytes - sizeof(ushort));

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        Capacity = 0;
        GC.SuppressFinalize(this);
    }

    /// <summary>A wish and no more: where it is not granted, rows are only slower to reach.</summary>
    private static void Advise(byte* memory, nuint bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = AdviseMemory(memory, bytes, AdviseHugePages);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library under another name.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int AdviseMemory(byte* address, nuint length, int advice);
}
