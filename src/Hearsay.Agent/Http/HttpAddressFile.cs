namespace Hearsay.Agent.Http;

/// <summary>
/// Tells programs of the same machine where an agent serves HTTP: the file <c>http.url</c> in its data directory.
/// </summary>
internal sealed class HttpAddressFile(string directory, Action<string> warn) : IDisposable
{
    private readonly string _path = Path.Combine(directory, "http.url");
    private bool _isWritten;

    /// <summary>Writes it; an agent that cannot runs all the same.</summary>
    public void Write(string url)
    {
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
        if (!_isWritten)
        {
            return;
        }

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
