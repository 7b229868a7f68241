using Hearsay;
using Hearsay.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a gossip node to a host.</summary>
/// <remarks>
/// The host starts the node (its start completes when the sockets are bound) and lets it leave when it stops; options
/// are checked at the start. Inject <see cref="IPeerSampler"/> for a sampler of the consumer's own, which can be held
/// before the node runs, or <see cref="IHearsay"/> for the node. With a name the services are keyed by it, so that one
/// process can be in several clusters. Calls that repeat a name change its options further.
/// </remarks>
public static class HearsayServiceCollectionExtensions
{
    /// <summary>Adds a node.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets its options.</param>
    public static IServiceCollection AddHearsay(this IServiceCollection services, Action<HearsayOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        AddNode(services, null).Configure(configure);
        return services;
    }

    /// <summary>Adds a node with options from configuration.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">Its section, for instance <c>configuration.GetSection("Hearsay")</c>.</param>
    public static IServiceCollection AddHearsay(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        BindStrictly(AddNode(services, null), section);
        return services;
    }

    /// <summary>Adds a node of a further cluster, its services keyed by a name.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The key; also the name of its options.</param>
    /// <param name="configure">Sets its options.</param>
    public static IServiceCollection AddHearsay(
        this IServiceCollection services, string name, Action<HearsayOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        AddNode(services, name).Configure(configure);
        return services;
    }

    /// <summary>
    /// Adds a node of a further cluster with options from configuration, its services keyed by a name.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The key; also the name of its options.</param>
    /// <param name="section">Its section.</param>
    public static IServiceCollection AddHearsay(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(section);
        BindStrictly(AddNode(services, name), section);
        return services;
    }

    /// <summary>A misspelt key is an error: the node would run with a default that nobody meant.</summary>
    private static void BindStrictly(OptionsBuilder<HearsayOptions> options, IConfiguration section)
    {
        options.Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
        options.Validate(
            _ => section.GetSection(nameof(HearsayOptions.Seeds)).Value is null or "",
            "Seeds must be a list, each HOST[:PORT], not one text.");
    }

    private static OptionsBuilder<HearsayOptions> AddNode(IServiceCollection services, string? name)
    {
        ArgumentNullException.ThrowIfNull(services);
        var isNew = !services.Any(
            service => service.ServiceType == typeof(HearsayService) && Equals(service.ServiceKey, name));
        var options = services.AddOptions<HearsayOptions>(name ?? Options.Options.DefaultName);
        if (!isNew)
        {
            return options;
        }

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
        return options.ValidateOnStart();
    }
}
