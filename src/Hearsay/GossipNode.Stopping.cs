using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Hearsay.Addresses;
using Hearsay.Protocols;

namespace Hearsay;

/// <content>How a node ends, and how it notices that it is reached elsewhere.</content>
public sealed partial class GossipNode
{
    /// <summary>
    /// Runs the loop and what goes with it. A node that finds its id taken by the first packet it receives, before the
    /// last transport has started, stops only after this.
    /// </summary>
    private void Begin()
    {
        try
        {
            _loop.Start();
            WatchAddresses();
            _metrics.Add(this);
        }
        finally
        {
            _begun.SetResult();
        }
    }

    private Task<LeaveResult> StopAsync(bool leave)
    {
        lock (_stopping)
        {
            return _stopped ??= Task.Run(() => StopOnceAsync(leave));
        }
    }

    /// <summary>Waits for the end of the node, and hastens it when the token is cancelled.</summary>
    private async Task<LeaveResult> HurriedByAsync(Task<LeaveResult> leaving, CancellationToken cancellationToken)
    {
        // On the thread pool: who cancels shall not carry out the rest of the leave.
        using var hurry = cancellationToken.UnsafeRegister(
            static node => _ = ((GossipNode)node!)._hurry.CancelAsync(), this);
        return await leaving.ConfigureAwait(false);
    }

    private void WatchAddresses()
    {
        if (_options.Advertise is null && !LocalAddress.IsUsable)
        {
            _addressWatch = new AddressWatch(_options.Host, _options.Time, LookAtAddressesAsync);
        }
    }

    /// <summary>The interfaces have changed: what is new is told to others, by way of the seeds at once.</summary>
    private async Task<bool> LookAtAddressesAsync()
    {
        var told = Addresses;
        var (addresses, isUncertain) = await NodeBindings.ReconsiderAsync(
            _options, LocalAddress, told, _lifetime.Token).ConfigureAwait(false);
        if (addresses == told)
        {
            return !isUncertain;
        }

        return !isUncertain & _loop.Post((core, now) =>
        {
            core.SetAddresses(now, addresses);
            _events.SaveIdentity(core);
            _events.ResolveContacts();
            _events.Log.Moved(told, addresses);
        });
    }

    /// <summary>
    /// Another node has this one's id: it stops without a word, since its neighbours would take it for the other's.
    /// </summary>
    private void StopWithoutId(NodeNotice notice)
    {
        _loop.Ending.Fail(notice.Id, notice.Address, notice.Identity is not null);
        _ = StopAsync(leave: false);
    }

    private async Task<LeaveResult> StopOnceAsync(bool leave)
    {
        await _begun.Task.ConfigureAwait(false);
        _addressWatch?.Dispose();
        var result = leave
            ? await _features.HandOverAsync(_options.LeaveTimeout, _hurry.Token).ConfigureAwait(false)
            : new LeaveResult();
        var quiet = _loop.Stop(leave);
        await _lifetime.CancelAsync().ConfigureAwait(false);
        var (conflict, failure) = (_loop.Ending.Conflict, _loop.Ending.Failure);
        _events.Complete(failure);
        _features.Complete(failure);
        if (leave && quiet && _options.LeaveTimeout > TimeSpan.Zero)
        {
            await _streams.DrainAsync(DrainTime).ConfigureAwait(false);
        }

        var closing = Task.WhenAll(_datagrams.DisposeAsync().AsTask(), _streams.DisposeAsync().AsTask());
        if (quiet)
        {
            await closing.ConfigureAwait(false);
        }
        else
        {
            // Whoever receives may be the one that hangs: the sockets are closed, and nothing else can be done.
            _events.Log.Abandoned();
        }

        _metrics.Remove(this);
        _loop.Core.Samplers.Close();
        _store?.Dispose();
        _lifetime.Dispose();
        await _events.Log.StoppedAsync(Id, leave && quiet).ConfigureAwait(false);
        if (conflict is null)
        {
            _completion.SetResult();
        }
        else
        {
            _completion.SetException(conflict);
            _ = _completion.Task.Exception; // Who waits gets it, and nobody has to.
        }

        return result;
    }
}
