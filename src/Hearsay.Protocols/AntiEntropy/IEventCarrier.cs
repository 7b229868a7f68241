namespace Hearsay.Protocols.AntiEntropy;

/// <summary>Carries events to all nodes: broadcast, as a rule. What it loses comes by an exchange.</summary>
internal interface IEventCarrier
{
    /// <summary>The longest event that it carries, in bytes; 0 if it carries none.</summary>
    int LongestBytes { get; }

    /// <summary>Sends an event to all nodes. Called inside the event loop.</summary>
    /// <param name="payload">Its bytes; they do not change afterwards.</param>
    /// <returns>False if it certainly does not.</returns>
    bool TryCarry(ReadOnlyMemory<byte> payload);
}
