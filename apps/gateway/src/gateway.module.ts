import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CamerasController } from './cameras/cameras.controller.js';
import { CustomersController } from './customers/customers.controller.js';
import { ExpressionsController } from './expressions/expressions.controller.js';
import { EnrolmentsController } from './enrolment/enrolments.controller.js';
import { PhotographsController } from './enrolment/photographs.controller.js';
import { IdentityController } from './identity/identity.controller.js';
import { ImportsController } from './imports/imports.controller.js';
import { LiveController } from './live/live.controller.js';
import { LiveGateway } from './live/live.gateway.js';
import { PictureController } from './pictures/picture.controller.js';
import { providersOf, type GatewayServices } from './services.js';
import { RecognisersController } from './recognisers/recognisers.controller.js';
import { SalesController } from './sales/sales.controller.js';
import { RequestLimit } from './sign-in/request-limit.js';
import { RequestThrottle } from './sign-in/request-throttle.guard.js';
import { TokenGuard } from './sign-in/token.guard.js';
import { StrangersController } from './strangers/strangers.controller.js';
import { TokensController } from './sign-in/tokens.controller.js';
import { ForecastsController } from './value/forecasts.controller.js';
import { LoyaltyController } from './value/loyalty.controller.js';
import { SaleJoinsController } from './value/sale-joins.controller.js';
import { TrafficController } from './value/traffic.controller.js';
import { ValueController } from './value/value.controller.js';
import { VisitCountController } from './visits/visit-count.controller.js';
import { VisitsController } from './visits/visits.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

/** The HTTP API and the live socket. */
@Module({})
export class GatewayModule {
  static of(services: GatewayServices, requestsPerMinute: number): DynamicModule {
    const guards: Provider[] = [
      { provide: RequestLimit, useValue: new RequestLimit(requestsPerMinute) },
      { provide: APP_GUARD, useClass: RequestThrottle },
      { provide: APP_GUARD, useClass: TokenGuard },
    ];
    return {
      module: GatewayModule,
      controllers: [
        CamerasController,
        PictureController,
        CustomersController,
        PhotographsController,
        EnrolmentsController,
        ExpressionsController,
        StrangersController,
        VisitsController,
        IdentityController,
        RecognisersController,
        VisitCountController,
        ValueController,
        TrafficController,
        SaleJoinsController,
        LoyaltyController,
        ForecastsController,
        SalesController,
        TokensController,
        WebhooksController,
        ImportsController,
      ],
      providers: [...providersOf(services), ...guards, LiveGateway],
    };
  }
}

/** What is heard from the broker. */
@Module({})
export class HandlersModule {
  static of(services: GatewayServices): DynamicModule {
    return { module: HandlersModule, controllers: [LiveController], providers: providersOf(services) };
  }
}
