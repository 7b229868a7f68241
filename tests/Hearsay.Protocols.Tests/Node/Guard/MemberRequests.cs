using Hearsay.Protocols.Requests;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>Handles requests of a node in virtual time: two of three are answered, soon; the third never is.</summary>
internal sealed class MemberRequests : IRequestSink
{
    private readonly Queue<AnswerCommand> _answers = new();
    private int _came;

    /// <summary>The answers that are ready.</summary>
    public IEnumerable<AnswerCommand> Take()
    {
        while (_answers.TryDequeue(out var answer))
        {
            yield return answer;
        }
    }

    public bool TryTake(in RequestArrival arrival, out RequestStatus refusal)
    {
        refusal = RequestStatus.NoHandler;
        if (++_came % 3 != 0)
        {
            _answers.Enqueue(new AnswerCommand(arrival.Key, RequestStatus.Answered, arrival.Payload));
        }

        return true;
    }

    public void Cancel(in RequestKey key)
    {
    }
}
