namespace Hearsay.Protocols.Broadcast.Tree;

/// <summary>What came over one link, and the question of its sender that was not answered yet.</summary>
internal sealed class LinkIntake
{
    private uint _arrived;

    /// <summary>Whether the sender is owed an answer.</summary>
    public bool Owes { get; private set; }

    /// <summary>Since when.</summary>
    public Instant OwesSince { get; private set; } = Instant.Never;

    /// <summary>Whether the answer was kept back because what came piles up here.</summary>
    public bool PilesUp { get; set; }

    /// <summary>The count of the sender's messages that it asked with last.</summary>
    public uint Asked { get; private set; }

    /// <summary>The sender's clock then; means nothing here.</summary>
    public uint Stamp { get; private set; }

    /// <summary>How many messages had come then, modulo 2^32.</summary>
    public uint ArrivedThen { get; private set; }

    /// <summary>A message came.</summary>
    public void OnMessage() => _arrived++;

    /// <summary>The message that just came was refused as one too many: as far as its sender knows it was lost.
    /// </summary>
    public void OnRefused() => _arrived--;

    /// <summary>The sender asks what came.</summary>
    public void OnAsked(uint sent, uint stamp, Instant now)
    {
        OwesSince = Owes ? OwesSince : now;
        (Owes, Asked, Stamp, ArrivedThen) = (true, sent, stamp, _arrived);
    }

    /// <summary>It was told.</summary>
    public void OnAnswered() => (Owes, OwesSince, PilesUp) = (false, Instant.Never, false);

    /// <summary>The link is new.</summary>
    public void Reset() => (_arrived, Owes, OwesSince, PilesUp) = (0, false, Instant.Never, false);
}
