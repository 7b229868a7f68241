using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Hearsay.AspNetCore.Streams;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Aggregates;

/// <summary><c>/v1/aggregates</c>: a definition, and what this node gives to it, are two things.</summary>
internal sealed class AggregatesResource(ServedNode served, EventStreams streams, TimeProvider time) : IDisposable
{
    private static readonly string[] s_fields =
        ["name", "kind", "method", "precision", "quantile", "minimum", "maximum", "trimmed"];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HeldAggregate> _held = [];

    /// <summary>Adds the routes.</summary>
    public void Map(ServiceRoutes routes)
    {
        routes.Get("/v1/aggregates", ListAsync);
        routes.Put("/v1/aggregates/{name}", DefineAsync);
        routes.Get("/v1/aggregates/{name}", ReadAsync);
        routes.Delete("/v1/aggregates/{name}", DeleteAsync);
        routes.Put("/v1/aggregates/{name}/value", GiveAsync);
        routes.Delete("/v1/aggregates/{name}/value", TakeBackAsync);
        routes.Get("/v1/aggregates/{name}/events", context => streams.SendAsync(context, Find(context).Events));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var held in _held.Values)
            {
                held.Dispose();
            }

            _held.Clear();
        }
    }

    private Task ListAsync(HttpContext context)
    {
        ThrowIfNotOffered();
        lock (_gate)
        {
            var own = _held.Values.Select(static held => held.ToItem()).ToList();
            var others = served.Node.Aggregates!.Service.Known
                .Where(known => _held.Values.All(held => held.Definition != known)).Select(AggregateItem.Of);
            return CallBody.WriteAsync(
                context, new AggregateList([.. own, .. others]), AggregatesJson.Default.AggregateList);
        }
    }

    private async Task DefineAsync(HttpContext context)
    {
        var name = CallField.Name(context);
        var asked = await CallBody.ReadJsonAsync(context, AggregatesJson.Default.DefinitionRequest)
            .ConfigureAwait(false);
        var held = Define(DefinitionOf(name, asked));
        await CallBody.WriteAsync(context, held.ToItem(), AggregatesJson.Default.AggregateItem).ConfigureAwait(false);
    }

    private static AggregateDefinition DefinitionOf(string name, DefinitionRequest asked)
    {
        var kind = KindName.Kind(asked.Kind);
        var settings = new AggregateSettings
        {
            Minimum = asked.Minimum, Maximum = asked.Maximum, Trimmed = asked.Trimmed, Precision = asked.Precision,
            Method = KindName.Method(asked.Method, kind),
        };
        var definition = settings.ToDefinition(name, kind) with { Quantile = asked.Quantile };
        if (kind == AggregateKind.Quantile)
        {
            definition = definition with
            {
                Quantile = asked.Quantile ?? 0.5, Precision = asked.Precision ?? 0.01,
            };
        }

        return definition.Error is { } error
            ? throw new ProblemException(Problems.Field(FieldOf(error), "see the detail", error))
            : definition;
    }

    /// <summary>Messages of the library name the property, which is a field here.</summary>
    private static string FieldOf(string error) => s_fields.FirstOrDefault(
        field => error.StartsWith(field + " ", StringComparison.OrdinalIgnoreCase))
        ?? s_fields.FirstOrDefault(field => error.Contains(field, StringComparison.OrdinalIgnoreCase)) ?? "name";

    private HeldAggregate Define(AggregateDefinition definition)
    {
        ThrowIfNotOffered();
        lock (_gate)
        {
            if (_held.TryGetValue(definition.Name, out var known))
            {
                if (known.Definition == definition)
                {
                    return known;
                }

                _held.Remove(definition.Name);
                known.Dispose();
            }

            try
            {
                return _held[definition.Name] =
                    new HeldAggregate(served.Node.GetAggregate(definition.Name), definition);
            }
            catch (Exception refused)
                when (refused is HearsayException or InvalidOperationException and not ObjectDisposedException)
            {
                throw new ProblemException(Problems.Full("aggregates", refused.Message));
            }
        }
    }

    private Task ReadAsync(HttpContext context)
    {
        ThrowIfNotOffered();
        var name = CallField.Name(context);
        if (TryFind(name) is { } held)
        {
            return CallBody.WriteAsync(context, held.ToItem(), AggregatesJson.Default.AggregateItem);
        }

        var known = served.Node.Aggregates!.Service.Named(name);
        if (known.Count > 1)
        {
            var all = string.Join("; ", known.Select(static feed => feed.Definition));
            throw new ProblemException(Problems.Conflict(
                "ambiguous", "There are several aggregates of this name",
                $"PUT the one you mean. Other nodes take part in: {all}."));
        }

        if (known.Count == 0)
        {
            throw Unknown();
        }

        var (latest, final) = (known[0].Latest, known[0].Final);
        return CallBody.WriteAsync(
            context,
            AggregateItem.Of(known[0].Definition) with
            {
                Latest = EstimateItem.Of(latest), Final = final.IsReady ? EstimateItem.Of(final) : null,
            },
            AggregatesJson.Default.AggregateItem);
    }

    private Task DeleteAsync(HttpContext context)
    {
        var held = Find(context);
        lock (_gate)
        {
            _held.Remove(held.Definition.Name);
        }

        held.Dispose();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private async Task GiveAsync(HttpContext context)
    {
        var held = Find(context);
        var asked = await CallBody.ReadJsonAsync(context, AggregatesJson.Default.ValueRequest).ConfigureAwait(false);
        held.Contribution = Contribution.Of(asked, held.Definition.Kind, time);
        await CallBody.WriteAsync(context, held.ToItem(), AggregatesJson.Default.AggregateItem).ConfigureAwait(false);
    }

    private Task TakeBackAsync(HttpContext context)
    {
        Find(context).Contribution = null;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private HeldAggregate Find(HttpContext context)
    {
        ThrowIfNotOffered();
        return TryFind(CallField.Name(context)) ?? throw Unknown();
    }

    private HeldAggregate? TryFind(string name)
    {
        lock (_gate)
        {
            return _held.GetValueOrDefault(name);
        }
    }

    private static ProblemException Unknown() => new(Problems.Unknown(
        "aggregate", "No caller has defined an aggregate of this name here. PUT it first."));

    private void ThrowIfNotOffered()
    {
        if (served.Node.Options.Aggregation is null)
        {
            throw new ProblemException(Problems.NotOffered(
                "This node runs without aggregation, so it has no aggregates."));
        }
    }
}
