namespace Hearsay.Cli.Play.Live;

/// <summary>A peer that was in an agent's view at some look.</summary>
internal sealed class SeenPeer
{
    /// <summary>Whether it was at the look before.</summary>
    public bool WasInView { get; set; }

    /// <summary>Whether it is now.</summary>
    public bool IsInView { get; set; }

    /// <summary>Since when.</summary>
    public DateTime Since { get; set; }

    /// <summary>Its age in the view.</summary>
    public int Age { get; set; }
}
