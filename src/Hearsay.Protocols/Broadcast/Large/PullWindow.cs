namespace Hearsay.Protocols.Broadcast.Large;

/// <summary>
/// How many messages may be asked of one neighbour at a time. Where everything is late because much is sent, asking for
/// it makes it later: then most of what was asked for comes by itself as well, and the window shrinks.
/// </summary>
internal sealed class PullWindow
{
    /// <summary>So many may always be asked for: at ordinary rates fewer are missing.</summary>
    public const int Least = 4;

    public const int Most = 2048;

    private const double Decrease = 7 / 8.0;

    private double _size = 4 * Least;

    /// <summary>Messages that were asked for and have not come.</summary>
    public int Open { get; private set; }

    public bool HasRoom => Open < _size;

    public void OnAsked() => Open++;

    /// <summary>One of them came, or was given up.</summary>
    public void OnClosed() => Open--;

    /// <summary>A message came because it was asked for.</summary>
    public void OnUseful() => _size = Math.Min(Most, _size + 1);

    /// <summary>The link is new.</summary>
    public void Reset() => (Open, _size) = (0, 4 * Least);

    /// <summary>A message that had been asked for came twice.</summary>
    public void OnNeedless() => _size = Math.Max(Least, _size * Decrease);
}
