using System.Text;

namespace Hearsay.Security;

/// <summary>Files with keys: made so that only their owner can read them, and refused when others can.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Writes a new file.</summary>
    /// <exception cref="IOException">It exists already, or cannot be written.</exception>
    public static void Create(string path, string text) => Write(path, text, FileMode.CreateNew);

    /// <summary>Replaces a file as a whole; a crash in between leaves the earlier one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Replace(string path, string text)
    {
        // A name of its own, since several nodes may have the same keyring.
        var fresh = $"{path}.{Guid.NewGuid():n}.new";
        try
        {
            Write(fresh, text, FileMode.CreateNew);
            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(fresh);
            throw error is IOException ? error
                : new IOException($"'{path}' cannot be replaced: {error.Message}", error);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="maximumBytes">A longer one is refused.</param>
    /// <exception cref="IOException">
    /// It cannot be read, is too long, or others than its owner can read it. The message says which, and names the path
    /// and nothing of what is in the file.
    /// </exception>
    public static string Read(string path, int maximumBytes)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != 0)
            {
                throw new IOException(
                    $"'{path}' can be read by others than its owner. Make it private: chmod 600 {path}");
            }

            var bytes = new byte[maximumBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= maximumBytes
                ? Encoding.UTF8.GetString(Utf8Mark.Skip(bytes.AsMemory(0, length)).Span)
                : throw new IOException($"'{path}' is longer than {maximumBytes:N0} bytes.");
        }
        catch (FormatException error)
        {
            throw new IOException($"'{path}' cannot be read: {error.Message}", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    private static void Write(string path, string text, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using var file = new FileStream(path, options);
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"'{path}' cannot be written: {error.Message}", error);
        }
    }
}
