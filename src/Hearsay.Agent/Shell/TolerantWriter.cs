using System.Text;

namespace Hearsay.Agent.Shell;

/// <summary>
/// Writes lines as long as they can be written: a full disk, a closed descriptor or a terminal that has gone loses the
/// line, and what it is about goes on.
/// </summary>
/// <param name="inner">Where lines go.</param>
/// <param name="failed">Told the first failure, so that somebody knows; null if there is nobody to tell.</param>
internal sealed class TolerantWriter(TextWriter inner, Action<string>? failed = null) : TextWriter
{
    private int _hasFailed;

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure
            is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            if (Interlocked.Exchange(ref _hasFailed, 1) == 0)
            {
                failed?.Invoke((failure.InnerException ?? failure).Message);
            }
        }
    }
}
