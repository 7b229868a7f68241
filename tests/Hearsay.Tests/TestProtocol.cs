using Hearsay.Protocols;

namespace Hearsay.Tests;

/// <summary>A protocol that does with its inputs what the test says.</summary>
internal sealed class TestProtocol : IProtocol
{
    public byte Id { get; init; } = 200;

    public Action<IProtocolContext> OnStart { get; init; } = static _ => { };

    public Action<object> OnCommand { get; init; } = static _ => { };

    public Action<Peer, byte> OnFrame { get; init; } = static (_, _) => { };

    public void Start(IProtocolContext context) => OnStart(context);

    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body) =>
        OnFrame(from, type);

    void IProtocol.OnCommand(IProtocolContext context, object command)
    {
        OnCommand(command);
        context.Publish(command);
        while (command is "flood" && context.Peers.TryGetPeer(out var peer, out var origin)
            && origin == SampleOrigin.Fresh)
        {
            context.Send(peer, 7, [1, 2, 3]);
        }
    }
}
