import { type DynamicModule, Module } from '@nestjs/common';
import { WEBHOOK_WORK, WebhookHandler, type WebhookWork } from './webhook/webhook.handler.ts';

@Module({})
export class CaretakerModule {
  static with(work: WebhookWork): DynamicModule {
    return {
      module: CaretakerModule,
      controllers: [WebhookHandler],
      providers: [{ provide: WEBHOOK_WORK, useValue: work }],
    };
  }
}
