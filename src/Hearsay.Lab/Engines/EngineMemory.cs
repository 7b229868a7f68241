using System.Globalization;

namespace Hearsay.Lab.Engines;

/// <summary>
/// Refuses what cannot fit: a system that lends more memory than it has ends the process without a word.
/// </summary>
internal static class EngineMemory
{
    /// <summary>An entry of a view in a bulk engine's rows (6), and in a snapshot of them to measure (4).</summary>
    private const int BytesPerEntry = 10;

    private const double Gibi = 1L << 30;

    /// <summary>Refuses a network that the memory of this machine cannot hold.</summary>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="viewSize">Entries of a view.</param>
    /// <param name="bytesThere">The memory there is; what this process may use unless given.</param>
    /// <exception cref="LabUsageException">It does not fit.</exception>
    public static void Require(int nodes, int viewSize, long? bytesThere = null)
    {
        var there = bytesThere ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var needed = (double)nodes * viewSize * BytesPerEntry;
        if (needed > there)
        {
            throw new LabUsageException(string.Create(CultureInfo.InvariantCulture,
                $"{nodes:N0} nodes with views of {viewSize} need at least {needed / Gibi:0.#} GiB of memory, and there "
                + $"are {there / Gibi:0.#}; take fewer --nodes or a smaller --view-size."));
        }
    }
}
