using System.Net;
using System.Text.Json;

namespace Hearsay.AspNetCore.Tests.Aggregates;

public sealed class AggregatesResourceTests
{
    [Fact]
    public async Task A_definition_relays_and_a_contribution_counts()
    {
        await using var service = await ServiceRun.StartAsync(others: 3);
        var values = service.Others
            .Select((other, i) => other.GetAggregate("load").Average(() => 10 * (i + 1))).ToList();

        var (_, defined) = await service.CallAsync(HttpMethod.Put, "/v1/aggregates/load", """{"kind":"average"}""");
        Assert.True(defined.GetProperty("isDefinedHere").GetBoolean());
        Assert.Equal(JsonValueKind.Null, defined.GetProperty("valueLeaseSeconds").ValueKind);
        await FinalAsync(service, 20);
        var (_, given) = await service.CallAsync(HttpMethod.Put, "/v1/aggregates/load/value", """{"value":100}""");
        Assert.InRange(given.GetProperty("valueLeaseSeconds").GetInt32(), 80, 90);
        await FinalAsync(service, 40);
        var (taken, _) = await service.CallAsync(HttpMethod.Delete, "/v1/aggregates/load/value");
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        await FinalAsync(service, 20);
        values.ForEach(static value => value.Dispose());
    }

    [Fact]
    public async Task A_contribution_ends_with_its_lease()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        using var other = service.Others[0].GetAggregate("n").Sum(static () => 1);
        await service.CallAsync(HttpMethod.Put, "/v1/aggregates/n", """{"kind":"sum"}""");
        await service.CallAsync(HttpMethod.Put, "/v1/aggregates/n/value", """{"value":1,"leaseSeconds":8}""");
        await FinalAsync(service, 2, "n");
        await FinalAsync(service, 1, "n");
    }

    [Fact]
    public async Task Events_are_estimates_and_end_when_the_aggregate_is_deleted()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        await service.CallAsync(HttpMethod.Put, "/v1/aggregates/n", """{"kind":"count"}""");
        await service.CallAsync(HttpMethod.Put, "/v1/aggregates/n/value", "{}");
        using var events = await service.ListenAsync("/v1/aggregates/n/events");
        var estimate = await events.ReadAsync("estimate");
        Assert.True(estimate.Data.TryGetProperty("isFinal", out _));

        var (deleted, _) = await service.CallAsync(HttpMethod.Delete, "/v1/aggregates/n");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        while (await events.ReadAsync() is not null)
        {
        }

        await service.RefusedAsync(404, "unknown-aggregate", HttpMethod.Get, "/v1/aggregates/n/events");
    }

    [Fact]
    public async Task What_other_nodes_defined_is_read_without_taking_part_and_listed()
    {
        await using var service = await ServiceRun.StartAsync(others: 2);
        using var one = service.Others[0].GetAggregate("far").Max(static () => 7);
        using var two = service.Others[1].GetAggregate("far").Max(static () => 8);
        await service.RefusedAsync(404, "unknown-aggregate", HttpMethod.Get, "/v1/aggregates/nowhere");
        await FinalAsync(service, 8, "far");

        Assert.False((await service.GetAsync("/v1/aggregates/far")).GetProperty("isDefinedHere").GetBoolean());
        var names = (await service.GetAsync("/v1/aggregates")).GetProperty("aggregates").EnumerateArray()
            .Select(aggregate => aggregate.GetProperty("name").GetString());
        Assert.Contains("far", names);
        await service.RefusedAsync(
            404, "unknown-aggregate", HttpMethod.Put, "/v1/aggregates/far/value", """{"value":1}""");
    }

    [Fact]
    public async Task Another_definition_of_a_name_takes_the_place_of_the_first_and_the_same_one_changes_nothing()
    {
        await using var service = await ServiceRun.StartAsync();
        await service.CallAsync(HttpMethod.Put, "/v1/aggregates/x", """{"kind":"sum"}""");
        await service.CallAsync(HttpMethod.Put, "/v1/aggregates/x/value", """{"value":1}""");
        var (_, same) = await service.CallAsync(HttpMethod.Put, "/v1/aggregates/x", """{"kind":"sum"}""");
        Assert.Equal(JsonValueKind.Number, same.GetProperty("valueLeaseSeconds").ValueKind);
        var (_, other) = await service.CallAsync(
            HttpMethod.Put, "/v1/aggregates/x", """{"kind":"quantile","quantile":0.9}""");
        Assert.Equal(JsonValueKind.Null, other.GetProperty("valueLeaseSeconds").ValueKind);
        Assert.Equal("tournament", other.GetProperty("method").GetString());
    }

    [Theory]
    [InlineData("""{"kind":"quantiles"}""", """{"values":[1,2,3]}""")]
    [InlineData("""{"kind":"histogram","minimum":0,"maximum":10,"precision":5}""", """{"value":3}""")]
    [InlineData("""{"kind":"sample"}""", """{"values":[1]}""")]
    [InlineData("""{"kind":"distinct-count"}""", """{"items":["a","b"]}""")]
    [InlineData("""{"kind":"weightedaverage"}""", """{"value":3,"weight":2}""")]
    [InlineData("""{"kind":"extremasum"}""", """{"value":0}""")]
    [InlineData("""{"kind":"extremacount"}""", "{}")]
    [InlineData("""{"kind":"variance","method":"push-sum"}""", """{"value":-1e99}""")]
    public async Task Every_kind_takes_what_suits_it(string definition, string value)
    {
        await using var service = await ServiceRun.StartAsync();
        var (defined, what) = await service.CallAsync(HttpMethod.Put, "/v1/aggregates/x", definition);
        Assert.True(defined.StatusCode == HttpStatusCode.OK, $"{what}");
        var (given, why) = await service.CallAsync(HttpMethod.Put, "/v1/aggregates/x/value", value);
        Assert.True(given.StatusCode == HttpStatusCode.OK, $"{why}");
    }

    [Theory]
    [InlineData("""{"kind":"mean"}""", "kind")]
    [InlineData("""{"kind":"16"}""", "kind")]
    [InlineData("""{"method":"shout"}""", "method")]
    [InlineData("""{"minimum":1}""", "minimum")]
    [InlineData("""{"quantile":0.5}""", "quantile")]
    [InlineData("""{"kind":"quantile","quantile":2}""", "quantile")]
    [InlineData("""{"kind":"average","precision":2}""", "precision")]
    public async Task A_wrong_definition_is_refused_and_the_field_named(string definition, string field)
    {
        await using var service = await ServiceRun.StartAsync();
        var problem = await service.RefusedAsync(
            400, "invalid-field", HttpMethod.Put, "/v1/aggregates/x", definition);
        Assert.Equal(field, problem.GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("average", "{}", "value")]
    [InlineData("average", """{"value":1e101}""", "value")]
    [InlineData("average", """{"value":1,"weight":2}""", "weight")]
    [InlineData("average", """{"values":[1]}""", "values")]
    [InlineData("average", """{"value":1,"items":["a"]}""", "items")]
    [InlineData("average", """{"value":1,"leaseSeconds":86401}""", "leaseSeconds")]
    [InlineData("extremasum", """{"value":-1}""", "value")]
    [InlineData("weightedaverage", """{"value":1,"weight":0}""", "weight")]
    [InlineData("distinctcount", """{"items":[]}""", "items")]
    [InlineData("quantiles", """{"values":[]}""", "values")]
    [InlineData("quantiles", """{"values":[1e300]}""", "values")]
    [InlineData("networksize", "{}", "value")]
    public async Task A_wrong_contribution_is_refused_and_the_field_named(string kind, string value, string field)
    {
        await using var service = await ServiceRun.StartAsync();
        await service.CallAsync(HttpMethod.Put, "/v1/aggregates/x", $$"""{"kind":"{{kind}}"}""");
        var problem = await service.RefusedAsync(
            400, "invalid-field", HttpMethod.Put, "/v1/aggregates/x/value", value);
        Assert.Equal(field, problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_node_has_room_for_so_many_aggregates()
    {
        await using var service = await ServiceRun.StartAsync();
        var status = HttpStatusCode.OK;
        for (var i = 0; i < 200 && status == HttpStatusCode.OK; i++)
        {
            status = (await service.CallAsync(HttpMethod.Put, $"/v1/aggregates/x{i}", "{}")).Answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
    }

    [Fact]
    public async Task A_node_without_aggregation_says_so()
    {
        await using var service = await ServiceRun.StartAsync(node: options => options.Aggregation = null);
        await service.RefusedAsync(501, "not-offered", HttpMethod.Get, "/v1/aggregates");
        await service.RefusedAsync(501, "not-offered", HttpMethod.Put, "/v1/aggregates/x", "{}");
    }

    private static async Task FinalAsync(ServiceRun service, double value, string name = "load")
    {
        var last = default(JsonElement);
        for (var i = 0; i < 1800; i++)
        {
            var (answer, body) = await service.CallAsync(HttpMethod.Get, $"/v1/aggregates/{name}");
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                last = body.GetProperty("final");
                if (last.ValueKind == JsonValueKind.Object
                    && Math.Abs(last.GetProperty("value").GetDouble() - value) < 0.1)
                {
                    return;
                }
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"The last whole epoch has {last} and not {value}.");
    }
}
