using System.Diagnostics;

namespace Hearsay.Lab.Engines;

/// <summary>The most memory this process ever had resident.</summary>
internal static class PeakMemory
{
    public static long Bytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return Math.Max(process.PeakWorkingSet64, process.WorkingSet64);
        }
    }
}
