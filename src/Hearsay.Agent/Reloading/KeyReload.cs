using Hearsay.Agent.Settings;
using Hearsay.Hosting;
using Hearsay.Security;
using Hearsay.Security.Identity;

namespace Hearsay.Agent.Reloading;

/// <summary>
/// Reads the keyring and the token of a running node again. A keyring that the operator has changed is merged with that
/// of the node, and a later token takes the place of the one before. Files that the node has written itself bring no
/// news, and then nothing is told.
/// </summary>
/// <param name="hearsay">The node.</param>
/// <param name="tell">Takes a line.</param>
internal sealed class KeyReload(IHearsay hearsay, Action<string> tell)
{
    /// <summary>The files that are read.</summary>
    public static IEnumerable<string> FilesOf(AgentConfiguration options) =>
        new[] { KeyringOf(options), TokenOf(options) }.OfType<string>();

    /// <summary>Reads them now.</summary>
    public async Task ReloadAsync(AgentConfiguration options, CancellationToken cancellation)
    {
        var node = await hearsay.WhenStartedAsync(cancellation).ConfigureAwait(false);
        if (KeyringOf(options) is { } ring)
        {
            await TryAsync("keyring", () => TakeKeyringAsync(node, ring)).ConfigureAwait(false);
        }

        if (TokenOf(options) is { } token)
        {
            await TryAsync("token", () => TakeTokenAsync(node, token)).ConfigureAwait(false);
        }
    }

    private static string? KeyringOf(AgentConfiguration options) =>
        options.Values.GetValueOrDefault(nameof(HearsayOptions.Keyring));

    /// <summary>The file with the token; null if the option holds the token itself.</summary>
    private static string? TokenOf(AgentConfiguration options) =>
        options.Values.GetValueOrDefault(nameof(HearsayOptions.Token)) is { } token
        && !token.StartsWith(KeyText.Token, StringComparison.Ordinal) ? token : null;

    private async Task TakeKeyringAsync(GossipNode node, string path)
    {
        var text = SecretFile.Read(path, Keyring.MaximumCharacters);
        if (!Keyring.TryParse(text, out var ring, out var error))
        {
            throw new IOException($"'{path}' is no keyring: {error}");
        }

        if (await node.TakeKeyringAsync(ring!).ConfigureAwait(false))
        {
            tell($"reload: done, --keyring: {node.EffectiveSecurity}.");
        }
    }

    private async Task TakeTokenAsync(GossipNode node, string path)
    {
        if (!KeyText.TryRead(KeyText.Token, KeyText.Resolve(path, KeyText.Token), out var token))
        {
            throw new IOException($"'{path}' is no token of 'hearsay keys admit'.");
        }

        if (await node.TakeTokenAsync(token).ConfigureAwait(false))
        {
            tell($"reload: done, --token: {node.EffectiveSecurity}.");
        }
    }

    private async Task TryAsync(string option, Func<Task> take)
    {
        try
        {
            await take().ConfigureAwait(false);
        }
        catch (Exception refused) when (refused
            is IOException or UnauthorizedAccessException or InvalidOperationException or HearsayException)
        {
            tell($"reload: --{option}: nothing is changed: {refused.Message}");
        }
    }
}
