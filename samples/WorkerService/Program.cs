// A worker that greets a random peer each second. Start a second one beside it, and they find each other:
//   dotnet run --project samples/WorkerService
//   dotnet run --project samples/WorkerService -- --Hearsay:Bind=127.0.0.1:7947
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WorkerService;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.Services.AddHearsay(builder.Configuration.GetSection("Hearsay"));
builder.Services.AddHostedService<Greeter>();
await builder.Build().RunAsync();
