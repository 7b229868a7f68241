using System.Text;
using Hearsay.Protocols.Requests;

namespace Hearsay.Protocols.Tests.Requests;

/// <summary>
/// Request protocols in virtual time, over a network that loses, repeats and reorders frames. Handlers of every node:
/// "echo" answers what it got after <see cref="HandlerTime"/>, "fails" throws then, "hangs" never returns.
/// </summary>
internal sealed class RequestWorld
{
    private readonly PriorityQueue<Action, (Instant At, long Order)> _events = new();
    private readonly List<RequestPort> _ports = [];
    private SeededRandom _random;
    private long _order;

    public RequestWorld(ulong seed, int nodes = 2, RequestOptions? options = null)
    {
        (_random, Options) = (new SeededRandom(seed), options ?? new RequestOptions());
        for (var i = 0; i < nodes; i++)
        {
            _ports.Add(new RequestPort(this, i, seed));
        }
    }

    public RequestOptions Options { get; }

    public double Loss { get; set; }

    public double Duplicates { get; set; }

    public (double Least, double Most) DelayMs { get; set; } = (1, 3);

    public TimeSpan HandlerTime { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Frames that come later than this are lost.</summary>
    public bool IsCut { get; set; }

    public Instant Now { get; private set; } = new(1);

    public RequestPort this[int node] => _ports[node];

    /// <summary>How often the handlers of all lives ran for a request, by its text.</summary>
    public Dictionary<string, int> Runs { get; } = [];

    public List<(int From, int To, byte Type, int Bytes)> Frames { get; } = [];

    public List<byte[]> Bodies { get; } = [];

    /// <summary>A node loses all its memory.</summary>
    public void Restart(int node, ulong seed) => _ports[node] = new RequestPort(this, node, seed);

    public AskedRequest Ask(int from, int to, string name, string text, TimeSpan? timeout = null)
    {
        var request = new AskedRequest(
            RequestPort.PeerOf(to), Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(text),
            timeout ?? Options.Timeout);
        _ports[from].Command(request);
        return request;
    }

    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, _order++));

    /// <summary>Time passes.</summary>
    public void Run(TimeSpan time)
    {
        var end = Now + time;
        while (_events.TryPeek(out var action, out var when) && when.At <= end)
        {
            _events.Dequeue();
            Now = Instant.Max(Now, when.At);
            action();
        }

        Now = end;
    }

    public void Send(int from, int to, byte type, ReadOnlySpan<byte> body)
    {
        Frames.Add((from, to, type, body.Length));
        var copy = body.ToArray();
        Bodies.Add(copy);
        var copies = _random.NextDouble() < Duplicates ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            if (!IsCut && to < _ports.Count && _random.NextDouble() >= Loss)
            {
                var delay = DelayMs.Least + (_random.NextDouble() * (DelayMs.Most - DelayMs.Least));
                After(TimeSpan.FromMilliseconds(delay), () => _ports[to].Receive(from, type, copy));
            }
        }
    }
}
