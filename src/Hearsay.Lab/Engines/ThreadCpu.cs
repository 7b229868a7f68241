using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hearsay.Lab.Engines;

/// <summary>
/// The processor time of this thread, so that a speed means something while other runs share the machine; where the
/// system does not tell, the time that passed.
/// </summary>
internal static partial class ThreadCpu
{
    private const int ThreadClock = 3;

    /// <summary>Seconds since some moment in the past.</summary>
    public static double Seconds
    {
        get
        {
            if (OperatingSystem.IsLinux())
            {
                try
                {
                    if (GetTime(ThreadClock, out var time) == 0)
                    {
                        return time.Seconds + (time.Nanoseconds / 1e9);
                    }
                }
                catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
                {
                    // Another C library under another name.
                }
            }

            return (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
