using System.Text;

namespace Hearsay.Security;

/// <summary>Files with keys: made so that only their owner can read them, and refused when others can.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where systemd tells a service the directory with its credentials.</summary>
    private const string CredentialsVariable = "CREDENTIALS_DIRECTORY";

    private const UnixFileMode OutsideGroup =
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

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
            if (!OperatingSystem.IsWindows() && !IsPrivate(path, File.GetUnixFileMode(file.SafeFileHandle)))
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

    /// <summary>
    /// Whether a file of a mode is for its owner alone. systemd gives a service with a user of its own each credential
    /// by an access list, and the mode then shows the list's mask as the group's right to read (0440). So below the
    /// directory of the credentials, which systemd makes and nobody else can enter, the group may read.
    /// </summary>
    /// <param name="path">Where the file is.</param>
    /// <param name="mode">Its mode.</param>
    public static bool IsPrivate(string path, UnixFileMode mode) =>
        IsPrivate(path, mode, Environment.GetEnvironmentVariable(CredentialsVariable));

    /// <summary>The same with the directory of the credentials; null for none.</summary>
    internal static bool IsPrivate(string path, UnixFileMode mode, string? credentials) =>
        (mode & Others) == 0 || ((mode & Others) == UnixFileMode.GroupRead && IsCredential(path, credentials));

    private static bool IsCredential(string path, string? credentials)
    {
        if (OperatingSystem.IsWindows() || credentials is null || !Path.IsPathFullyQualified(credentials))
        {
            return false;
        }

        var directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(credentials));
        return Path.GetFullPath(path).StartsWith(directory + '/', StringComparison.Ordinal)
            && (File.GetUnixFileMode(directory) & (OutsideGroup | UnixFileMode.GroupWrite)) == 0;
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
