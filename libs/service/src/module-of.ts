import { type DynamicModule, Module } from '@nestjs/common';

/** Several modules as the one that an application is made of. */
export function moduleOf(imports: DynamicModule[]): DynamicModule {
  return { module: ServiceModule, imports };
}

@Module({})
class ServiceModule {}
