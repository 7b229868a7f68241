using System.Text;
using Hearsay.Protocols.Requests;

namespace Hearsay.Protocols.Tests.Requests;

/// <summary>One life of one node of a <see cref="RequestWorld"/>.</summary>
internal sealed class RequestPort : IProtocolContext, IRequestSink
{
    private readonly RequestWorld _world;
    private readonly int _index;
    private SeededRandom _random;
    private long _deadline;

    public RequestPort(RequestWorld world, int index, ulong seed)
    {
        (_world, _index, _random) = (world, index, new SeededRandom((seed * 1_000) + (ulong)index));
        Protocol = new RequestProtocol(world.Options, this);
        Protocol.Start(this);
    }

    public RequestProtocol Protocol { get; }

    public RequestCounters Counters => Protocol.Counters;

    public List<RequestKey> CancelledKeys { get; } = [];

    /// <summary>Requests whose handler hangs.</summary>
    public List<RequestArrival> Hanging { get; } = [];

    public Instant Now => _world.Now;

    public ref SeededRandom Random => ref _random;

    public Peer Self => PeerOf(_index);

    public IPeerSampler Peers => throw new NotSupportedException();

    public bool IsUnproven { get; set; }

    public static Peer PeerOf(int index) => new(Lone.Id(index), Lone.AddressesOf(index), 1, 0, null);

    public void Command(object command) => Protocol.OnCommand(this, command);

    public void Receive(int from, byte type, byte[] body) => Protocol.Receive(this, PeerOf(from), type, body);

    public void Prove(int from)
    {
        IsUnproven = false;
        Protocol.OnProven(this, PeerOf(from).Address);
    }

    public bool MustProve(out NodeAddress source)
    {
        source = IsUnproven ? PeerOf(1 - _index).Address : default;
        return IsUnproven;
    }

    public bool Send(in Peer to, byte type, ReadOnlySpan<byte> body)
    {
        _world.Send(_index, (int)to.Id.Low - 1, type, body);
        return true;
    }

    public bool Reply(byte type, ReadOnlySpan<byte> body) => throw new NotSupportedException();

    public void Schedule(TimeSpan delay, long token)
    {
        var mine = ++_deadline;
        _world.After(delay, () =>
        {
            if (mine == _deadline && _world[_index] == this)
            {
                Protocol.OnDue(this, token);
            }
        });
    }

    public void Publish(object happened) => throw new NotSupportedException();

    public bool TryTake(in RequestArrival arrival, out RequestStatus refusal)
    {
        refusal = RequestStatus.NoHandler;
        if (arrival.Name is not ("echo" or "fails" or "hangs"))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(arrival.Payload);
        _world.Runs[text] = _world.Runs.GetValueOrDefault(text) + 1;
        if (arrival.Name == "hangs")
        {
            Hanging.Add(arrival);
            return true;
        }

        var status = arrival.Name == "echo" ? RequestStatus.Answered : RequestStatus.Failed;
        var answer = new AnswerCommand(arrival.Key, status, arrival.Payload);
        _world.After(_world.HandlerTime, () => Command(answer));
        return true;
    }

    public void Cancel(in RequestKey key) => CancelledKeys.Add(key);
}
