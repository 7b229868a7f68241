using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Hearsay.Agent.Shell;

/// <summary>
/// Standard input, output and error as this process was given them. Whoever starts it may have closed them
/// (<c>&gt;&amp;-</c>), and then the runtime has something of its own under their numbers: what a command printed would
/// go into a pipe by which the runtime is told of signals.
/// </summary>
internal static class StandardStreams
{
    public const int Input = 0;
    public const int Output = 1;
    public const int Error = 2;

    /// <summary>The flag of a descriptor that is closed when another program is started, in Linux's numbers.</summary>
    private const long CloseOnExec = 0x80000;

    /// <summary>
    /// Puts nothing in the place of what is closed, and lets nobody fail because an error cannot be told.
    /// </summary>
    public static void Guard()
    {
        if (!IsInherited(Output))
        {
            Console.SetOut(TextWriter.Null);
        }

        Console.SetError(new TolerantWriter(IsInherited(Error) ? Console.Error : TextWriter.Null));
    }

    /// <summary>
    /// Whether a descriptor was there when this process began: what the runtime opens is closed on exec, and what came
    /// through an exec cannot be. Only Linux tells; elsewhere true.
    /// </summary>
    public static bool IsInherited(int descriptor)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        try
        {
            var line = File.ReadLines($"/proc/self/fdinfo/{descriptor}")
                .FirstOrDefault(static line => line.StartsWith("flags:", StringComparison.Ordinal));
            return line is null || (Convert.ToInt64(line["flags:".Length..].Trim(), 8) & CloseOnExec) == 0;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or FormatException)
        {
            return true;
        }
    }

    /// <summary>Tells an error where the console itself may not be able to start.</summary>
    public static void WriteError(string line)
    {
        var text = System.Text.Encoding.UTF8.GetBytes(line + Environment.NewLine);
        try
        {
            try
            {
                WritePlainly(text);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
                or TypeInitializationException)
            {
                // There are too few descriptors for the console's library or for its copy of this one.
                using var error = new FileStream(new SafeFileHandle(Error, ownsHandle: false), FileAccess.Write, 0);
                error.Write(text);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // There is nowhere left to tell it.
        }
    }

    /// <summary>
    /// At the offset that all have in common who share the file: a file stream writes at one of its own, and what comes
    /// next would overwrite the line. Apart, so that a library that cannot be loaded is a failure of this method.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WritePlainly(byte[] text)
    {
        using var error = Console.OpenStandardError();
        error.Write(text);
    }
}
