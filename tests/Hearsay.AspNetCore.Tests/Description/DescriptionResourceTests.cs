using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hearsay.AspNetCore.Aggregates;
using Hearsay.AspNetCore.Errors;
using Hearsay.AspNetCore.Maps;
using Hearsay.AspNetCore.Node;
using Hearsay.AspNetCore.Peers;
using Hearsay.AspNetCore.Requests;
using Hearsay.AspNetCore.Samplers;
using Hearsay.AspNetCore.Topics;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hearsay.AspNetCore.Tests.Description;

/// <summary>The document is kept by hand; these hold it to the routes and to what is written and read.</summary>
public sealed class DescriptionResourceTests
{
    private static readonly Dictionary<string, JsonTypeInfo> s_types = new()
    {
        ["Peer"] = PeersJson.Default.PeerItem,
        ["PeerList"] = PeersJson.Default.PeerList,
        ["PeerMetadata"] = PeersJson.Default.PeerMetadata,
        ["SamplerRequest"] = SamplersJson.Default.SamplerRequest,
        ["DrawRequest"] = SamplersJson.Default.DrawRequest,
        ["Sampler"] = SamplersJson.Default.SamplerItem,
        ["Published"] = TopicsJson.Default.PublishedItem,
        ["Message"] = TopicsJson.Default.MessageItem,
        ["Reach"] = TopicsJson.Default.MessageReach,
        ["DefinitionRequest"] = AggregatesJson.Default.DefinitionRequest,
        ["ValueRequest"] = AggregatesJson.Default.ValueRequest,
        ["Aggregate"] = AggregatesJson.Default.AggregateItem,
        ["AggregateList"] = AggregatesJson.Default.AggregateList,
        ["Estimate"] = AggregatesJson.Default.EstimateItem,
        ["Quantile"] = AggregatesJson.Default.QuantileItem,
        ["Bin"] = AggregatesJson.Default.BinItem,
        ["Node"] = NodeJson.Default.NodeItem,
        ["Leave"] = NodeJson.Default.LeaveItem,
        ["Identity"] = NodeJson.Default.IdentityItem,
        ["Health"] = NodeJson.Default.HealthItem,
        ["Lagged"] = TopicsJson.Default.LaggedItem,
        ["Asked"] = RequestsJson.Default.AskedItem,
        ["MapKey"] = MapsJson.Default.MapKeyItem,
        ["MapValue"] = MapsJson.Default.MapValueItem,
        ["MapIncrement"] = MapsJson.Default.MapIncrementRequest,
        ["MapKeyList"] = MapsJson.Default.MapKeyList,
        ["MapWrite"] = MapsJson.Default.MapWriteItem,
        ["MapChange"] = MapsJson.Default.MapChangeItem,
        ["MapImport"] = MapsJson.Default.MapImportItem,
        ["MapStatus"] = MapsJson.Default.MapStatus,
        ["Problem"] = ProblemJson.Default.Problem,
    };

    [Fact]
    public async Task The_document_has_every_route_and_no_other()
    {
        await using var service = await ServiceRun.StartAsync();
        var document = await service.GetAsync("/v1/openapi.json");

        var described = document.GetProperty("paths").EnumerateObject().SelectMany(static path =>
            path.Value.EnumerateObject().Select(verb => $"{verb.Name.ToUpperInvariant()} {path.Name}"));
        var served = service.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Cast<RouteEndpoint>().SelectMany(static route =>
                route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                    .Select(verb => $"{verb} {route.RoutePattern.RawText}"));
        Assert.Equal(served.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_schema_has_the_properties_that_are_written_and_read_and_every_property_is_described()
    {
        await using var service = await ServiceRun.StartAsync();
        var schemas = (await service.GetAsync("/v1/openapi.json")).GetProperty("components").GetProperty("schemas");
        Assert.Equal(s_types.Keys.Order(), schemas.EnumerateObject().Select(static schema => schema.Name).Order());
        foreach (var (name, type) in s_types)
        {
            var described = schemas.GetProperty(name).GetProperty("properties").EnumerateObject()
                .Select(static property => property.Name);
            Assert.Equal(
                type.Properties.Select(static property => property.Name).Order(StringComparer.Ordinal),
                described.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Every_path_names_its_parameters_and_every_operation_has_an_id_of_its_own()
    {
        await using var service = await ServiceRun.StartAsync();
        var document = await service.GetAsync("/v1/openapi.json");
        var ids = new HashSet<string>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            var expected = path.Name.Split('/').Where(static part => part.StartsWith('{'))
                .Select(static part => part.Trim('{', '}'));
            foreach (var verb in path.Value.EnumerateObject())
            {
                Assert.True(ids.Add(verb.Value.GetProperty("operationId").GetString()!));
                var named = verb.Value.TryGetProperty("parameters", out var all)
                    ? all.EnumerateArray().Where(static field => field.GetProperty("in").GetString() == "path")
                        .Select(static field => field.GetProperty("name").GetString()!)
                    : [];
                Assert.Equal(expected, named);
            }
        }
    }

    [Fact]
    public async Task What_is_not_UTF_8_in_a_path_is_answered_with_a_status_that_is_described()
    {
        await using var service = await ServiceRun.StartAsync();
        var document = await service.GetAsync("/v1/openapi.json");
        Assert.Equal("/", document.GetProperty("servers")[0].GetProperty("url").GetString());
        var missing = new List<string>();
        foreach (var path in document.GetProperty("paths").EnumerateObject().Where(
            static path => path.Name.Contains('{', StringComparison.Ordinal)))
        {
            var wrong = string.Join('/', path.Name.Split('/').Select(
                static part => part.StartsWith('{') ? "%FF" : part));
            foreach (var verb in path.Value.EnumerateObject())
            {
                using var call = new HttpRequestMessage(new HttpMethod(verb.Name.ToUpperInvariant()), wrong);
                using var answer = await service.Client.SendAsync(
                    call, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                if (!verb.Value.GetProperty("responses").TryGetProperty($"{(int)answer.StatusCode}", out _))
                {
                    missing.Add($"{call.Method} {wrong}: {answer.StatusCode}");
                }
            }
        }

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        await using var service = await ServiceRun.StartAsync();
        var document = await service.GetAsync("/v1/openapi.json");
        var references = References(document).ToList();
        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            var place = document;
            foreach (var part in reference.Split('/').Skip(1))
            {
                Assert.True(place.TryGetProperty(part, out place), reference);
            }
        }
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static property => property.Name == "$ref"
            ? [property.Value.GetString()!] : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
