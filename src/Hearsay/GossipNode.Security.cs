using Hearsay.Protocols;
using Hearsay.Protocols.Rotation;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Security;

namespace Hearsay;

/// <content>The keyring, whose keys an operator may replace while the node runs.</content>
public sealed partial class GossipNode
{
    private NodeKeyring? _keyring;
    private KeyringCounters _keyringCounters = new();

    /// <summary>The mode of security, with the keys as they are now; no key is in it.</summary>
    internal string EffectiveSecurity =>
        _keyring is { } ring ? $"{_options.Security.Mode} ({ring.Current})" : _options.Security.ToString();

    /// <summary>The keyring, if an operator can change it.</summary>
    internal NodeKeyring? Keyring => _keyring;

    /// <summary>What this node has heard of who follows a change of the keyring, from now on.</summary>
    /// <exception cref="InvalidOperationException">Nobody can change its keyring.</exception>
    internal KeyringWatch SpreadKeyring()
    {
        if (_keyring is null)
        {
            throw new InvalidOperationException("This keyring has no operator who could change it.");
        }

        var watch = new KeyringWatch();
        _loop.Post((core, now) => core.Post(now, KeyringMessage.Protocol, watch));
        return watch;
    }

    /// <summary>Takes in a keyring that is on disk, as if another node had sent it.</summary>
    /// <returns>Whether the keyring of the node has changed.</returns>
    /// <exception cref="InvalidOperationException">It cannot be merged into that of the node.</exception>
    internal async Task<bool> TakeKeyringAsync(Keyring stored)
    {
        if (_keyring is null || !_keyring.Current.IsOf(stored))
        {
            return _options.Security.Has(stored) ? false : throw new InvalidOperationException(
                "it is not one that the operator of the node's keyring made of it. All nodes need a restart with it.");
        }

        var (before, body) = (_keyring.Current.Digest, new byte[SignedKeyring.MaximumBytes]);
        var length = NodeKeyring.Write(stored, body);
        await _loop.PostAsync((core, now) => core.Post(now, KeyringMessage.Protocol, body[..length]))
            .ConfigureAwait(false);
        return _keyring.Current.Digest != before;
    }

    /// <summary>Takes a token that is on disk, if it is later than that of the node.</summary>
    /// <returns>Whether the node has another token now.</returns>
    internal async Task<bool> TakeTokenAsync(byte[] token)
    {
        var isTaken = false;
        await _loop.PostAsync((core, now) => isTaken = core.State.Envelope is IdentityEnvelope { Security: var own }
            && own.TryReplace(token, own.Wall(now))).ConfigureAwait(false);
        return isTaken;
    }

    private static IProtocol[] ProtocolsOf(NodeSecurity? security) =>
        security?.Ring is null ? [] : [new KeyringProtocol(security)];

    private void FollowKeyring(NodeCoreOptions core)
    {
        if (core.Security?.Ring is not NodeKeyring ring)
        {
            return;
        }

        _keyring = ring;
        _keyringCounters = core.Protocols.OfType<KeyringProtocol>().Single().Counters;
        var (log, time) = (_events.Log, _options.Time);
        var saver = _options.Security.KeyringPath is { } path
            ? new KeyringSaver(
                path, () => (ulong)Math.Max(0, time.GetUtcNow().ToUnixTimeSeconds()), log.KeyringNotSaved)
            : null;
        ring.Changed = changed =>
        {
            log.KeyringChanged(changed.ToString());
            saver?.Save(changed);
        };
    }
}
