using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Hearsay.AspNetCore.Peers;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Samplers;

/// <summary><c>/v1/samplers</c>: a consumer's own policy and its own memory of what it was given.</summary>
internal sealed class SamplersResource(ServedNode served, HearsayHttpLimits limits, TimeProvider time) : IDisposable
{
    private const int DefaultLeaseSeconds = 60;
    private const int MaximumLeaseSeconds = 3600;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LeasedSampler> _samplers = [];

    /// <summary>Adds the routes.</summary>
    public void Map(ServiceRoutes routes)
    {
        routes.Put("/v1/samplers/{name}", PutAsync);
        routes.Get("/v1/samplers/{name}", context => WriteAsync(context, Find(context)));
        routes.Delete("/v1/samplers/{name}", DeleteAsync);
        routes.Post("/v1/samplers/{name}/draws", DrawAsync);
    }

    /// <summary>Ends the samplers whose lease is over.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            foreach (var sampler in _samplers.Values.Where(static sampler => sampler.IsOver).ToArray())
            {
                _samplers.Remove(sampler.Name);
                sampler.Sampler.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var sampler in _samplers.Values)
            {
                sampler.Sampler.Dispose();
            }

            _samplers.Clear();
        }
    }

    private async Task PutAsync(HttpContext context)
    {
        var name = CallField.PlainName(context);
        var asked = await CallBody.ReadJsonAsync(context, SamplersJson.Default.SamplerRequest).ConfigureAwait(false);
        var policy = PolicyName.Parse(asked.Policy, "policy");
        var lease = LeaseOf(asked.LeaseSeconds);
        await WriteAsync(context, Put(name, policy, lease)).ConfigureAwait(false);
    }

    private LeasedSampler Put(string name, SamplingPolicy policy, TimeSpan lease)
    {
        lock (_gate)
        {
            if (_samplers.TryGetValue(name, out var known) && known.Sampler.Policy == policy)
            {
                known.Lease = lease;
                known.Renew();
                return known;
            }

            if (known is null && _samplers.Count >= limits.Samplers)
            {
                throw new ProblemException(Problems.Full(
                    "samplers", $"The service keeps at most {limits.Samplers} samplers. Delete one, or wait until "
                    + "the lease of one is over."));
            }

            var made = new LeasedSampler(name, Make(policy), lease, time);
            known?.Sampler.Dispose();
            return _samplers[name] = made;
        }
    }

    private IPeerSampler Make(SamplingPolicy policy)
    {
        try
        {
            return served.Node.CreateSampler(policy);
        }
        catch (InvalidOperationException full) when (full is not ObjectDisposedException)
        {
            throw new ProblemException(Problems.Full("samplers", full.Message));
        }
    }

    private Task DeleteAsync(HttpContext context)
    {
        var sampler = Find(context);
        lock (_gate)
        {
            _samplers.Remove(sampler.Name);
        }

        sampler.Sampler.Dispose();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private async Task DrawAsync(HttpContext context)
    {
        var sampler = Find(context);
        var asked = await CallBody.ReadJsonAsync(context, SamplersJson.Default.DrawRequest).ConfigureAwait(false);
        if (asked.Count is < 1 or > PeerDraw.MaximumCount)
        {
            throw new ProblemException(Problems.Field(
                "count", $"a whole number from 1 to {PeerDraw.MaximumCount}", "'count' is not valid."));
        }

        sampler.Renew();
        var peers = PeerDraw.Several(sampler.Sampler, served.Node, asked.Count ?? 1);
        await CallBody.WriteAsync(context, peers, PeersJson.Default.PeerList).ConfigureAwait(false);
    }

    private LeasedSampler Find(HttpContext context)
    {
        var name = CallField.PlainName(context);
        lock (_gate)
        {
            return _samplers.TryGetValue(name, out var sampler) && !sampler.IsOver
                ? sampler
                : throw new ProblemException(Problems.Unknown(
                    "sampler", "No sampler has this name, or its lease is over. PUT it first."));
        }
    }

    private static TimeSpan LeaseOf(int? seconds) => seconds is < 1 or > MaximumLeaseSeconds
        ? throw new ProblemException(Problems.Field(
            "leaseSeconds", $"a whole number from 1 to {MaximumLeaseSeconds}", "'leaseSeconds' is not valid."))
        : TimeSpan.FromSeconds(seconds ?? DefaultLeaseSeconds);

    private static Task WriteAsync(HttpContext context, LeasedSampler sampler) =>
        CallBody.WriteAsync(context, sampler.ToItem(), SamplersJson.Default.SamplerItem);
}
