using System.Text;
using Hearsay.Protocols.Requests;
using static Hearsay.Protocols.Tests.DocumentedHex;

namespace Hearsay.Protocols.Tests.Requests;

/// <summary>The frames printed in docs/protocols/requests.md, byte for byte but for the conversation.</summary>
public sealed class RequestVectorTests
{
    private const string Page = "requests.md";

    [Fact]
    public void Every_block_of_the_page_is_replayed_here() =>
        Assert.Equal(["ask", "working", "poll", "answer"], NamesOf(Page));

    [Fact]
    public void A_request_a_sign_of_life_a_question_and_an_answer()
    {
        var asker = new RequestWorld(1) { IsCut = true };
        var request = asker.Ask(0, 1, "load", "cpu");
        var ask = asker.Bodies[^1];
        AssertSame(Of(Page, "ask").With(0, ask.NumberAt(0)), ask);

        var responder = new RequestWorld(2, nodes: 1) { HandlerTime = TimeSpan.FromMilliseconds(40) };
        responder[0].Receive(1, RequestMessage.Ask, Renamed(Of(Page, "ask"), "load", "echo"));
        responder.Run(TimeSpan.FromMilliseconds(30));
        AssertSame(Of(Page, "working"), responder.Bodies[^1]);
        responder.Run(TimeSpan.FromMilliseconds(30));
        AssertSame(Renamed(Of(Page, "answer"), "0.7", "cpu"), responder.Bodies[^1]);
        responder[0].Receive(1, RequestMessage.Poll, Of(Page, "poll"));
        AssertSame(Renamed(Of(Page, "answer"), "0.7", "cpu"), responder.Bodies[^1]);

        asker[0].Receive(1, RequestMessage.Working, Of(Page, "working").With(0, ask.NumberAt(0)));
        asker.Bodies.Clear();
        asker.Run(TimeSpan.FromSeconds(3));
        AssertSame(Of(Page, "poll").With(0, ask.NumberAt(0)), asker.Bodies[0]);
        asker[0].Receive(1, RequestMessage.Answer, Of(Page, "answer").With(0, ask.NumberAt(0)));
        Assert.Equal((1, RequestStatus.Answered, "0.7"), (request.Ends, request.Status, request.Answer));
    }

    private static byte[] Renamed(byte[] body, string from, string to)
    {
        var at = body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from));
        Encoding.UTF8.GetBytes(to).CopyTo(body.AsSpan(at));
        return body;
    }
}
