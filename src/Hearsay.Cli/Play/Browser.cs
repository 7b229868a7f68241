using System.ComponentModel;
using System.Diagnostics;

namespace Hearsay.Cli.Play;

/// <summary>Opens an address in the browser of this machine.</summary>
internal static class Browser
{
    /// <summary>Opens it, where there is a desktop; who has none reads the address.</summary>
    public static void TryOpen(string url)
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("DISPLAY") is null
            && Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is null)
        {
            return;
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo(url) { UseShellExecute = true });
        }
        catch (Exception none) when (none is Win32Exception or InvalidOperationException or IOException)
        {
            // The address was printed.
        }
    }
}
