using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Sampling.View;

/// <summary>How fast a view changed in its recent window, the last 32 to 64 cycles.</summary>
/// <param name="Cycle">The cycle of the view.</param>
/// <param name="WindowStart">The first cycle of the window.</param>
/// <param name="NewEntries">How many entries came into the view in the window.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ViewRate(long Cycle, long WindowStart, long NewEntries)
{
    /// <summary>Windows begin at multiples of 2 to this power, 32 cycles.</summary>
    internal const int BucketShift = 5;

    /// <summary>Entries that came per cycle.</summary>
    public double NewEntriesPerCycle => (double)NewEntries / (Cycle - WindowStart + 1);
}
