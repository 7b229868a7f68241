using Hearsay;
using Hearsay.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds gossip nodes to a host.</summary>
/// <remarks>
/// The host starts the node. The start completes when the sockets are bound. When the host stops, the node leaves. The
/// options are validated at the start. Inject <see cref="IPeerSampler"/> for a sampler that belongs to one consumer; it
/// can be injected before the node runs. Inject <see cref="IHearsay"/> for the node. A node with a name has keyed
/// services, so one process can be in several clusters. Each name can be used once, and only one node can have no name.
/// </remarks>
public static class HearsayServiceCollectionExtensions
{
    /// <summary>Adds a node with options that are set in code.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder that completes the node.</returns>
    /// <exception cref="InvalidOperationException">A node without a name has been added already.</exception>
    public static IHearsayBuilder AddHearsay(this IServiceCollection services, Action<HearsayOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return new HearsayBuilder(AddNode(services, null).Configure(configure), null);
    }

    /// <summary>Adds a node with options from configuration.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="section">
    /// The section with the options, for instance <c>configuration.GetSection("Hearsay")</c>.
    /// </param>
    /// <returns>A builder that completes the node.</returns>
    /// <exception cref="InvalidOperationException">A node without a name has been added already.</exception>
    public static IHearsayBuilder AddHearsay(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return new HearsayBuilder(BindStrictly(AddNode(services, null), section), null);
    }

    /// <summary>
    /// Adds a node of a further cluster, with options that are set in code. Its services are keyed by a name.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The key of the services, and the name of the options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder that completes the node.</returns>
    /// <exception cref="InvalidOperationException">A node of this name has been added already.</exception>
    public static IHearsayBuilder AddHearsay(
        this IServiceCollection services, string name, Action<HearsayOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        return new HearsayBuilder(AddNode(services, name).Configure(configure), name);
    }

    /// <summary>
    /// Adds a node of a further cluster, with options from configuration. Its services are keyed by a name.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The key of the services, and the name of the options.</param>
    /// <param name="section">The section with the options.</param>
    /// <returns>A builder that completes the node.</returns>
    /// <exception cref="InvalidOperationException">A node of this name has been added already.</exception>
    public static IHearsayBuilder AddHearsay(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(section);
        return new HearsayBuilder(BindStrictly(AddNode(services, name), section), name);
    }

    private static OptionsBuilder<HearsayOptions> BindStrictly(
        OptionsBuilder<HearsayOptions> options, IConfiguration section) =>
        options.Configure(bound => HearsaySection.BindTo(section, bound, options.Name));

    /// <summary>
    /// Two checks for each node, <c>hearsay-live</c> and <c>hearsay-ready</c> with the tags <c>live</c> and
    /// <c>ready</c>; those of a node with a name have it at their end. They look at the same state.
    /// </summary>
    private static void AddHealthChecks(
        IServiceCollection services, string? name, Func<IServiceProvider, HearsayService> service)
    {
        HealthMonitor? monitor = null;

        // The provider is that of one check's scope, and the monitor outlives it.
        HealthMonitor Monitor(HearsayService node, IServiceProvider provider) => LazyInitializer.EnsureInitialized(
            ref monitor, () => new HealthMonitor(
                () => node.StartedNode, provider.GetService<TimeProvider>() ?? TimeProvider.System));
        foreach (var tag in (string[])[HearsayHealthCheck.Live, HearsayHealthCheck.Ready])
        {
            services.AddHealthChecks().Add(new HealthCheckRegistration(
                name is null ? $"hearsay-{tag}" : $"hearsay-{tag}-{name}",
                provider => new HearsayHealthCheck(
                    service(provider), Monitor(service(provider), provider), tag == HearsayHealthCheck.Ready),
                HealthStatus.Unhealthy, [tag]));
        }
    }

    private static OptionsBuilder<HearsayOptions> AddNode(IServiceCollection services, string? name)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(HearsayService) && Equals(service.ServiceKey, name)))
        {
            throw new InvalidOperationException(name is null
                ? "AddHearsay was called twice without a name, and a host has one such node. For a second node give it "
                    + "a name: AddHearsay(\"other\", ...). To change the first one's options use "
                    + "services.Configure<HearsayOptions>(...)."
                : $"AddHearsay(\"{name}\", ...) was called twice. Every node needs a name of its own.");
        }

        var options = services.AddOptions<HearsayOptions>(name ?? Options.Options.DefaultName);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<HearsayOptions>, HearsayOptionsValidator>());
        HearsayService Service(IServiceProvider provider) => name is null
            ? provider.GetRequiredService<HearsayService>()
            : provider.GetRequiredKeyedService<HearsayService>(name);
        if (name is null)
        {
            services.AddSingleton(provider => new HearsayService(provider, null));
            services.AddSingleton<IHearsay>(Service);
            services.AddTransient(provider => Service(provider).CreateSampler());
        }
        else
        {
            services.AddKeyedSingleton(name, (provider, _) => new HearsayService(provider, name));
            services.AddKeyedSingleton<IHearsay>(name, (provider, _) => Service(provider));
            services.AddKeyedTransient(name, (provider, _) => Service(provider).CreateSampler());
        }

        services.AddSingleton<IHostedService>(Service);
        AddHealthChecks(services, name, Service);
        return options.ValidateOnStart();
    }
}
