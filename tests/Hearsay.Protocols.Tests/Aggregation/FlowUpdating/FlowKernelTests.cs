using CsCheck;
using Hearsay.Protocols.Aggregation.FlowUpdating;

namespace Hearsay.Protocols.Tests;

public class FlowKernelTests
{
    private const int Nodes = 5;
    private static readonly double[] Start = [5, -1, 0, 7, 4];

    /// <summary>Who contacts whom, whether request and answer arrive, and how often the answer is applied.</summary>
    private static readonly Gen<(int From, int To, bool Request, int Answers)[]> Contacts = Gen.Select(
        Gen.Int[0, Nodes - 1], Gen.Int[0, Nodes - 1], Gen.Bool, Gen.Int[0, 2]).Array[0, 80];

    [Fact]
    public void Whatever_is_lost_or_doubled_the_estimates_sum_to_the_values_once_every_edge_has_met() =>
        Contacts.Sample(contacts =>
        {
            var state = new State();
            Array.ForEach(contacts, contact =>
                state.Contact(contact.From, contact.To, contact.Request, contact.Answers));
            state.MeetAll();
            Assert.Equal(Start.Sum(), state.Estimates.Sum(), 1e-9);
            for (var node = 0; node < Nodes; node++)
            {
                Assert.Equal(
                    FlowKernel.Estimate(state.Values[node], state.Flows[node]), state.Estimates[node], 1e-9);
            }
        });

    [Fact]
    public void A_changed_value_and_a_dropped_neighbour_need_no_restart()
    {
        var state = new State();
        var random = new SeededRandom(4);
        state.Mix(ref random, Nodes, 600);
        Assert.All(state.Estimates, estimate => Assert.Equal(3, estimate, 1e-6));
        state.Change(0, 15);
        state.Mix(ref random, Nodes, 600);
        Assert.All(state.Estimates, estimate => Assert.Equal(5, estimate, 1e-6));

        // The last node crashes; the others drop its flows, and their mass is their own values again.
        state.Drop(Nodes - 1);
        state.Mix(ref random, Nodes - 1, 600);
        Assert.All(state.Estimates[..^1], estimate => Assert.Equal(21 / 4.0, estimate, 1e-6));
    }

    [Fact]
    public void Control_flows_that_are_added_instead_of_stated_lose_mass_with_a_lost_answer()
    {
        double one = 4, other = 0;
        var flow = (one - other) / 2;
        other += flow; // the answer that would tell `one` is lost
        Assert.NotEqual(4, one + other);

        var state = new State();
        state.Contact(3, 2, request: true, answers: 0);
        Assert.NotEqual(Start.Sum(), state.Estimates.Sum());
        state.Contact(3, 2, request: true, answers: 1);
        Assert.Equal(Start.Sum(), state.Estimates.Sum(), 1e-12);
    }

    [Fact]
    public void A_flow_that_cannot_be_calculated_with_is_refused()
    {
        Assert.True(FlowKernel.IsValid(-5, 10));
        Assert.False(FlowKernel.IsValid(double.NaN, 10));
        Assert.False(FlowKernel.IsValid(double.NegativeInfinity, double.MaxValue));
        Assert.False(FlowKernel.IsValid(11, 10));
    }

    private sealed class State
    {
        public double[] Values { get; } = [.. Start];

        public double[] Estimates { get; } = [.. Start];

        public double[][] Flows { get; } = [.. Enumerable.Range(0, Nodes).Select(_ => new double[Nodes])];

        public void Contact(int from, int to, bool request, int answers)
        {
            if (from == to || !request)
            {
                return;
            }

            FlowKernel.Receive(ref Flows[to][from], ref Estimates[to], Flows[from][to], Estimates[from]);
            for (var i = 0; i < answers; i++)
            {
                FlowKernel.Adopt(ref Flows[from][to], ref Estimates[from], Flows[to][from]);
            }
        }

        public void MeetAll()
        {
            for (var from = 0; from < Nodes; from++)
            {
                for (var to = 0; to < Nodes; to++)
                {
                    Contact(from, to, request: true, answers: 1);
                }
            }
        }

        public void Mix(ref SeededRandom random, int nodes, int contacts)
        {
            for (var i = 0; i < contacts; i++)
            {
                Contact(random.Below(nodes), random.Below(nodes), request: true, answers: random.Below(2));
            }
        }

        public void Change(int node, double value)
        {
            Estimates[node] += value - Values[node];
            Values[node] = value;
        }

        public void Drop(int gone)
        {
            for (var node = 0; node < Nodes; node++)
            {
                Estimates[node] += Flows[node][gone];
                Flows[node][gone] = 0;
            }
        }
    }
}
