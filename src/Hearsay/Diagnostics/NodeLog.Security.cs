using Microsoft.Extensions.Logging;

namespace Hearsay.Diagnostics;

/// <content>Keyrings. No message has a key, only names of keys.</content>
internal sealed partial class NodeLog
{
    /// <summary>The operator has replaced keys.</summary>
    /// <param name="ring">Names its keys.</param>
    public void KeyringChanged(string ring) => Queue(() => LogKeyringChanged(ring));

    /// <summary>The new keyring could not be stored.</summary>
    public void KeyringNotSaved(Exception error) => Queue(() => LogKeyringNotSaved(error.Message));

    [LoggerMessage(40, LogLevel.Information, "The operator has changed the keyring: {Ring}.")]
    private partial void LogKeyringChanged(string ring);

    [LoggerMessage(41, LogLevel.Warning,
        "The new keyring could not be stored: {Error} After a restart this node begins with the old one, and others "
        + "send it the new one for as long as they keep the old keys.")]
    private partial void LogKeyringNotSaved(string error);
}
