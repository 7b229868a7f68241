using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Features.Topics;

/// <content>Single messages that the node holds.</content>
internal sealed partial class TopicService
{
    /// <summary>A message that the node still holds; null if it holds no such message.</summary>
    public async Task<TopicMessage?> FindHeldAsync(string name, byte[] topic, BroadcastId id)
    {
        ThrowIfCompleted();
        var search = new HeldSearch(name, id);
        var command = new HeldCommand(topic, search, static () => { });
        try
        {
            await _loop.PostAsync((core, now) => core.Post(now, _protocol.Id, command))
                .WaitAsync(_stopping.Token).ConfigureAwait(false);
            return search.Found;
        }
        catch (OperationCanceledException)
        {
            throw _loop.Ending.ToException();
        }
    }
}
