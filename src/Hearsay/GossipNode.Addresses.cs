using System.Net;
using Hearsay.Addresses;
using Hearsay.Joining;
using Hearsay.Settings;

namespace Hearsay;

/// <content>The addresses at which a node finds others, and at which others find it.</content>
public sealed partial class GossipNode
{
    /// <summary>Contacts the given nodes at once, whether this node has peers or not.</summary>
    /// <param name="contacts">
    /// Each <c>HOST[:PORT]</c>, at most 32. Contacts that cannot be resolved now are skipped. The last 32 names of all
    /// calls are resolved again later, like those of <see cref="GossipNodeOptions.Seeds"/>.
    /// </param>
    /// <param name="cancellationToken">Stops resolving, and waiting for the node.</param>
    /// <exception cref="ArgumentException">A contact is not a valid node address; the message names it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="HearsayException">Too many commands wait for the node. Transient.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public async Task ContactAsync(IEnumerable<string> contacts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        var events = Running._events;
        contacts = [.. contacts.Take(GossipNodeOptions.MaximumSeeds)];
        var errors = contacts.SelectMany(contact => AddressValidation.OfSeed(contact, _options.Bind));
        if (errors.FirstOrDefault() is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(contacts));
        }

        events.Seeds.Add([.. contacts]);
        var (addresses, unresolved) = await SeedResolver.ResolveAsync(
            contacts, cancellationToken, _options.Names).ConfigureAwait(false);
        events.Log.Unresolved(unresolved);
        await _loop.PostAsync((core, now) => core.Contact(now, addresses.ToArray()))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Contacts the given nodes at once. See the other overload.</summary>
    /// <param name="contacts">
    /// Each an <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/> with a port from 1 to 65535, at most 32.
    /// </param>
    /// <param name="cancellationToken">Stops resolving, and waiting for the node.</param>
    /// <exception cref="ArgumentException">A contact is of another kind, or is not a valid node address.</exception>
    /// <inheritdoc cref="ContactAsync(IEnumerable{string}, CancellationToken)" path="/exception"/>
    public Task ContactAsync(IEnumerable<EndPoint> contacts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        return ContactAsync(
            contacts.Take(GossipNodeOptions.MaximumSeeds).Select(static one => EndPointText.Of(one, nameof(contacts))),
            cancellationToken);
    }

    /// <summary>
    /// Changes the address at which others reach this node. See the other overload.
    /// </summary>
    /// <param name="advertise">
    /// An <see cref="IPEndPoint"/>, or a <see cref="DnsEndPoint"/> that is resolved now. Port 0 means the bound port.
    /// </param>
    /// <param name="cancellationToken">Stops resolving, and waiting for the node.</param>
    /// <exception cref="ArgumentException">
    /// The endpoint is of another kind, is not an address that others can reach, or is a name that cannot be resolved.
    /// </exception>
    /// <inheritdoc cref="SetAdvertisedAddressAsync(string, CancellationToken)" path="/exception"/>
    public Task SetAdvertisedAddressAsync(EndPoint advertise, CancellationToken cancellationToken = default) =>
        SetAdvertisedAddressAsync(EndPointText.Of(advertise, nameof(advertise)), cancellationToken);

    /// <summary>
    /// Changes the addresses at which others reach this node, for instance after a change of network, and raises the
    /// incarnation. From then on the node no longer determines its addresses by itself.
    /// </summary>
    /// <param name="advertise">As <see cref="GossipNodeOptions.Advertise"/>.</param>
    /// <param name="cancellationToken">Stops resolving, and waiting for the node.</param>
    /// <exception cref="ArgumentException">
    /// The text is not an address, or is a name that cannot be resolved.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="HearsayException">Too many commands wait for the node. Transient.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public async Task SetAdvertisedAddressAsync(string advertise, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(advertise);
        if (AddressValidation.OfAdvertise(advertise, _options.Bind).FirstOrDefault() is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(advertise));
        }

        var addresses = await NodeBindings.AdvertisedAsync(
            advertise, Running.LocalAddress.Port, cancellationToken).ConfigureAwait(false);
        _addressWatch?.Dispose();
        await _loop.PostAsync((core, now) =>
        {
            core.SetAddresses(now, addresses);
            _events.SaveIdentity(core);
        }).WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
