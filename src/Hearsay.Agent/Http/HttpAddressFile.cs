namespace Hearsay.Agent.Http;

/// <summary>
/// Tells programs of the same machine where an agent serves HTTP: the file <c>http.url</c> in its data directory.
/// </summary>
internal sealed class HttpAddressFile(string directory, Action<string> warn) : IDisposable
{
    private const string Name = "http.url";

    /// <summary>An address is no longer than this.</summary>
    private const int MostCharacters = 256;

    private readonly string _path = PathIn(directory);
    private bool _isWritten;

    /// <summary>Where the file is.</summary>
    public static string PathIn(string directory) => Path.Combine(directory, Name);

    /// <summary>What it says, also after an agent that was killed; null if there is none.</summary>
    public static Uri? Read(string directory)
    {
        try
        {
            using var file = new StreamReader(PathIn(directory));
            var text = new char[MostCharacters];
            var length = file.ReadBlock(text, 0, text.Length);
            return Uri.TryCreate(new string(text, 0, length).Trim(), UriKind.Absolute, out var url)
                && url.Scheme is "http" or "https" ? url : null;
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes it; an agent that cannot runs all the same.</summary>
    /// <param name="url">The address; null if nothing is served: an earlier agent may have left one.</param>
    public void Write(string? url)
    {
        if (url is null)
        {
            Delete();
            return;
        }

        try
        {
            File.WriteAllText(_path, url + "\n");
            _isWritten = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warn($"'{_path}' cannot be written: {error.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isWritten)
        {
            Delete();
        }
    }

    private void Delete()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It says where an agent was; whoever asks there finds nobody.
        }
    }
}
